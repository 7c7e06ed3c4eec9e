import { addressKey } from '../addresses/email-address.ts';
import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { addressesIn } from '../mail/address-list.ts';
import type { HeaderBlock } from '../mail/header-block.ts';

/** Whom the author of a post names as a recipient beside the list, so that they get it without the list (mailman-behaviour.md, section 9, item 5). */
export const namedByAuthor = (mail: HeaderBlock, list: MailingList): ReadonlySet<string> => {
  const named = new Set(
    addressesIn(mail, 'to', 'cc', 'resent-to', 'resent-cc').map(({ address }) => addressKey(address)),
  );
  const own = (['bounces', 'owner', 'request'] as const).map((purpose) => listAddress(list, purpose));
  for (const address of [postingAddress(list), ...own]) named.delete(addressKey(address));
  return named;
};
