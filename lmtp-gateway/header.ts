import {
  fieldFrom,
  type HeaderField,
  joinMail,
  parseHeaderBlock,
  unfolded,
} from '../lib/mail/header-block.ts';
import { derivedMessageId, messageIdHash, readMessageId } from '../lib/mail/message-id.ts';
import type { ArrivedMail } from './incoming-mail.ts';
import { type Reply, replies } from './replies.ts';

/** The header block of an arrived mail, read and completed. */
export interface CompletedHeader {
  readonly messageId: string;
  /** What is stored in place of the first bytes of the mail. */
  readonly front: Buffer;
  /** Where in the mail the bytes begin that are stored as they came. */
  readonly start: number;
}

// Ten thousand header lines fit; what is longer is no header.
const longestHeader = 1_048_576;

// How much of a mail is read to find its header; hardly any is longer.
const firstRead = 65_536;

// A mail that came here through 50 servers goes round in circles (RFC 5321, section 6.3); Postfix draws the line there too.
const mostHops = 50;

/** What the gateway writes itself, and so takes away when it comes from outside. */
const ownFields = new Set(['message-id-hash', 'x-message-id-hash', 'x-mailfrom']);

interface Parsed {
  readonly fields: readonly HeaderField[];
  /** What of the bytes read follows the fields. */
  readonly rest: Buffer;
  readonly read: number;
}

const beginsBlank = (rest: Buffer): boolean =>
  rest.length === 0 || rest.subarray(0, 2).equals(Buffer.from('\r\n'));

/** Reads as much of the mail as holds its header block; undefined when the block is too long or is none. */
const parse = async (mail: ArrivedMail): Promise<Parsed | undefined> => {
  for (const length of [firstRead, longestHeader]) {
    const bytes = await mail.head(length);
    const { fields, rest } = parseHeaderBlock(bytes);
    // Only when a whole line follows the fields is it sure that the last of them was not cut.
    if (bytes.length < mail.size && !rest.includes('\r\n')) continue;
    if (fields.length === 0 && !beginsBlank(rest)) return undefined;
    return { fields, rest, read: bytes.length };
  }
  return undefined;
};

/**
 * Reads the header block of a mail, refuses what cannot be read or goes round in circles, and adds what Mailman's LMTP server
 * adds (mailman-behaviour.md, section 2.3). MIME is not looked at: its defects never refuse a mail.
 */
export const completeHeader = async (
  mail: ArrivedMail,
  sender: string,
  mailHost: string,
): Promise<CompletedHeader | Reply> => {
  const parsed = await parse(mail);
  if (parsed === undefined) return replies.unreadableHeader;
  const { fields, rest, read } = parsed;
  if (fields.filter(({ key }) => key === 'received').length > mostHops) return replies.tooManyHops;

  const given = fields.find(({ key }) => key === 'message-id');
  const known = given === undefined ? undefined : readMessageId(unfolded(given));
  const messageId = known ?? derivedMessageId(mail.digest, mailHost);
  const hash = messageIdHash(messageId);
  const kept = fields.filter(
    ({ key }) => !ownFields.has(key) && !(known === undefined && key === 'message-id'),
  );
  const added = [
    ...(known === undefined ? [fieldFrom('Message-ID', messageId)] : []),
    fieldFrom('Message-ID-Hash', hash),
    fieldFrom('X-Message-ID-Hash', hash),
    // The null sender is written as in a Return-Path (RFC 5321, section 4.4), as Mailman does.
    fieldFrom('X-MailFrom', sender === '' ? '<>' : sender),
  ];
  return { messageId, front: joinMail({ fields: [...kept, ...added], rest }), start: read };
};
