import { postingAddress } from '../lists/list.ts';
import { formatAddressList } from '../mail/address-list.ts';
import { append, type HeaderEdit, remove, replace } from '../mail/header-edits.ts';
import { messageIdHash } from '../mail/message-id.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** Passwords of moderators, and requests that would make every member's program answer the author. */
const never = [
  'Approved',
  'Approve',
  'X-Approved',
  'X-Approve',
  'Urgent',
  'Return-Receipt-To',
  'Disposition-Notification-To',
  'X-Confirm-Reading-To',
  'X-PMRQC',
  'Archived-At',
];

/**
 * Headers that tell who wrote a mail. Mailman's list, and after it what names the author's domain as plainly: signatures,
 * the results of checking them (RFC 6376, RFC 8601, RFC 8617, RFC 7208), and who sent the mail on (RFC 5322, section 3.6.6).
 */
const telling = [
  'From',
  'Reply-To',
  'Sender',
  'Organization',
  'Return-Path',
  'Received',
  'DKIM-Signature',
  'DomainKey-Signature',
  'Authentication-Results',
  'ARC-Seal',
  'ARC-Message-Signature',
  'ARC-Authentication-Results',
  'Received-SPF',
  'Resent-From',
  'Resent-Sender',
  'Resent-Reply-To',
  'Resent-Message-ID',
];

/** Mailman's default for the site setting `anonymous_list_keep_headers`: the only X-headers that an anonymous post keeps. */
const keptExtensions = [
  'x-mailman-',
  'x-content-filtered-by',
  'x-topics',
  'x-ack',
  'x-beenthere',
  'x-list-administrivia',
  'x-spam-',
];

const isTellingExtension = (key: string): boolean =>
  key.startsWith('x-') && !keptExtensions.some((kept) => key.startsWith(kept));

/** The post becomes the list's own: its author, and the ways to find out, are taken away. */
const anonymous = ({ list, mail, record }: HandlerContext): readonly HeaderEdit[] => {
  const address = postingAddress(list);
  // The new Message-ID follows from the mail's id, so that a post that is made again is the same post.
  const messageId = `<${record.id}@${list.mail_host}>`;
  const extensions = mail.fields.map((field) => field.key).filter(isTellingExtension);
  return [
    remove(...telling, ...extensions),
    append('From', formatAddressList([{ name: list.settings.description, address }])),
    append('Reply-To', address),
    ...replace('Message-ID', messageId),
    ...replace('Message-ID-Hash', messageIdHash(messageId)),
    append('X-Message-ID-Hash', messageIdHash(messageId)),
  ];
};

/** Removes headers that must not reach the members (mailman-behaviour.md, section 9). */
export const cleanse: Handler = {
  name: 'cleanse',
  process: (context) => [
    {
      kind: 'edit-header',
      edits: [remove(...never), ...(context.list.settings.anonymous_list ? anonymous(context) : [])],
    },
  ],
};
