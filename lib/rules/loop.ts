import { postingAddress } from '../lists/list.ts';
import { decoded, type HeaderField } from '../mail/header-block.ts';
import { missFor, type Rule } from './rule.ts';

/** The addresses in a List-Post value, which holds URLs in angle brackets (RFC 2369, section 3.4), or a bare address. */
const addressesOf = (field: HeaderField): readonly string[] =>
  decoded(field)
    .toLowerCase()
    .replaceAll('%40', '@')
    .split(/[\s,<>()]+/)
    .map((word) => word.replace(/^mailto:/, '').replace(/\?.*$/, ''));

/**
 * Hits a post that has been on this list already. Mailman compares the bare address only, so that its own header, which is
 * `<mailto:...>`, never matches (mailman-behaviour.md, section 26); that is mended here.
 */
export const loop: Rule = {
  name: 'loop',
  record: true,
  check: ({ list, mail }) => {
    const address = postingAddress(list).toLowerCase();
    const found = mail.fields.some(
      (field) => field.key === 'list-post' && addressesOf(field).includes(address),
    );
    return found
      ? { hit: true, reason: 'The message has been on this list already.' }
      : missFor('It has not been on this list before.');
  },
};
