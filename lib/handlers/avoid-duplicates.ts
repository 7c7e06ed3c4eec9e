import { addressKey } from '../addresses/email-address.ts';
import { addressesIn } from '../mail/address-list.ts';
import type { Handler } from './handler.ts';
import { rewriteAddresses } from './rewrite-addresses.ts';

/**
 * Who gets a post from its author alone, and not from the list, is no longer in its Cc: whoever answers all of it writes to the list, and the copy for them would
 * not be marked as one (mailman-behaviour.md, section 9, item 5). Where nobody is left out, Cc keeps its bytes.
 */
export const avoidDuplicates: Handler = {
  name: 'avoid-duplicates',
  process: ({ mail, spared }) => {
    if (spared.size === 0) return [];
    const left = addressesIn(mail, 'cc').filter(({ address }) => !spared.has(addressKey(address)));
    return [{ kind: 'edit-header', edits: rewriteAddresses(mail, 'Cc', left) }];
  },
};
