import { decoded } from '../mail/header-block.ts';
import { ownerMark } from '../mail/owner-mark.ts';
import { missFor, type Rule } from './rule.ts';

/**
 * Hits owner mail that comes back: two lists can own each other, and an owner can forward all mail to the owners. A post that is
 * sent on to the owners is no loop, so List-Post does not count here. The handler `been-there` sets the mark.
 */
export const ownerLoop: Rule = {
  name: 'owner-loop',
  record: true,
  check: ({ list, mail }) => {
    const key = ownerMark.header.toLowerCase();
    const value = ownerMark.valueFor(list).toLowerCase();
    const found = mail.fields.some((field) => field.key === key && decoded(field).toLowerCase() === value);
    return found
      ? { hit: true, reason: 'The message has been to the owners of this list already.' }
      : missFor('It has not been to the owners before.');
  },
};
