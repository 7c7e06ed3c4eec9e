import { addressKey, parseEmailAddress } from '../addresses/email-address.ts';
import { addressesIn } from './address-list.ts';
import type { HeaderBlock } from './header-block.ts';

/**
 * Who sent a mail (mailman-behaviour.md, section 4): the addresses in the site's `sender_headers`, in their order, in lower
 * case, with repetitions; `from_` is the envelope sender. What is no address is left out, the null sender too. The first is
 * the sender of the mail.
 */
export const sendersOf = (
  mail: HeaderBlock,
  envelopeSender: string,
  senderHeaders: readonly string[],
): readonly string[] =>
  senderHeaders
    .map((header) => header.toLowerCase())
    .flatMap((header) =>
      header === 'from_' ? [envelopeSender] : addressesIn(mail, header).map(({ address }) => address),
    )
    .filter((address) => parseEmailAddress(address) !== undefined)
    .map(addressKey);
