import { addressKey } from '../addresses/email-address.ts';
import { postingAddress } from '../lists/list.ts';
import { addressesIn } from '../mail/address-list.ts';
import { patternOrNone } from '../regex/pattern.ts';
import { missFor, type Rule } from './rule.ts';

/** Whether an address is meant by an alias: the same, or matched by a regular expression. One that cannot be used is taken literally. */
const isMeantBy = (alias: string, address: string): boolean => {
  const regex = alias.startsWith('^') ? patternOrNone(alias, 'any') : undefined;
  return regex === undefined ? addressKey(alias) === address : regex.beginsIn(address);
};

/** Hits a post that does not name the list, or an alias of it, in To or Cc: spam often comes by blind copy. */
export const implicitDest: Rule = {
  name: 'implicit-dest',
  record: true,
  check: ({ list, mail, metadata }) => {
    const { require_explicit_destination, acceptable_aliases } = list.settings;
    if (!require_explicit_destination) return missFor('The list need not be named.');
    if (metadata.fromusenet === true) return missFor('The message comes from the newsgroup.');
    const named = addressesIn(mail, 'to', 'cc', 'resent-to', 'resent-cc').map(({ address }) =>
      addressKey(address),
    );
    const own = postingAddress(list);
    const found = named.some(
      (address) => address === own || acceptable_aliases.some((alias) => isMeantBy(alias, address)),
    );
    return found
      ? missFor('It names the list.')
      : { hit: true, reason: 'The message does not name the list in To or Cc.' };
  },
};
