import { addressesIn, formatAddressList, type Mailbox } from '../mail/address-list.ts';
import type { HeaderBlock } from '../mail/header-block.ts';
import { type HeaderEdit, remove, replace } from '../mail/header-edits.ts';

/** Writes an address header anew only when its addresses change, so that a header nobody touches keeps its bytes. */
export const rewriteAddresses = (
  mail: HeaderBlock,
  name: string,
  mailboxes: readonly Mailbox[],
): readonly HeaderEdit[] => {
  const before = addressesIn(mail, name.toLowerCase());
  const count = mail.fields.filter((field) => field.key === name.toLowerCase()).length;
  const same =
    before.length === mailboxes.length &&
    before.every(({ address }, index) => address === mailboxes[index]?.address);
  if (same && count <= 1) return [];
  return mailboxes.length === 0 ? [remove(name)] : replace(name, formatAddressList(mailboxes));
};
