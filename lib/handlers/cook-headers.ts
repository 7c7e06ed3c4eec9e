import { addressKey } from '../addresses/email-address.ts';
import { postingAddress } from '../lists/list.ts';
import { addressesIn, type Mailbox } from '../mail/address-list.ts';
import { append, type HeaderEdit, hasField, replace } from '../mail/header-edits.ts';
import { version } from '../mail/version.ts';
import type { Handler, HandlerContext } from './handler.ts';
import { rewriteAddresses } from './rewrite-addresses.ts';

const withoutRepeats = (mailboxes: readonly Mailbox[]): readonly Mailbox[] => {
  const seen = new Set<string>();
  return mailboxes.filter(({ address }) => {
    const key = addressKey(address);
    if (address === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};

const listMailbox = ({ list }: HandlerContext): Mailbox => ({
  name: list.settings.description,
  address: postingAddress(list),
});

/** Where replies go, by `reply_goes_to_list`, `reply_to_address` and `first_strip_reply_to`. */
const replyTo = (context: HandlerContext): readonly HeaderEdit[] => {
  const { reply_goes_to_list, reply_to_address, first_strip_reply_to } = context.list.settings;
  const explicit = reply_goes_to_list === 'explicit_header' || reply_goes_to_list === 'explicit_header_only';
  const mailboxes = withoutRepeats([
    ...(explicit ? [{ name: '', address: reply_to_address }] : []),
    ...(first_strip_reply_to ? [] : addressesIn(context.mail, 'reply-to')),
    ...(reply_goes_to_list === 'point_to_list' ? [listMailbox(context)] : []),
  ]);
  return rewriteAddresses(context.mail, 'Reply-To', mailboxes);
};

/** Full personalization takes the list out of To, so the posting address goes into Cc: replies to all shall reach the list. */
const cc = (context: HandlerContext): readonly HeaderEdit[] => {
  const { personalize, reply_goes_to_list, anonymous_list } = context.list.settings;
  const repliesReachList =
    reply_goes_to_list === 'point_to_list' || reply_goes_to_list === 'explicit_header_only';
  if (personalize !== 'full' || repliesReachList || anonymous_list) return [];
  return rewriteAddresses(
    context.mail,
    'Cc',
    withoutRepeats([...addressesIn(context.mail, 'cc'), listMailbox(context)]),
  );
};

/** The headers that say what made the post, and where answers go (mailman-behaviour.md, section 9). */
export const cookHeaders: Handler = {
  name: 'cook-headers',
  process: (context) => {
    const { mail, metadata, fasttrack } = context;
    const edits: readonly HeaderEdit[] = [
      ...(metadata.noack === true ? replace('X-Ack', 'no') : []),
      ...(hasField(mail, 'X-Mailman-Version') ? [] : [append('X-Mailman-Version', version)]),
      ...(hasField(mail, 'Precedence') ? [] : [append('Precedence', 'list')]),
      ...(fasttrack ? [] : [...replyTo(context), ...cc(context)]),
    ];
    return [{ kind: 'edit-header', edits }];
  },
};
