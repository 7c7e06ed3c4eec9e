import { addressesIn } from '../mail/address-list.ts';
import { missFor, type Rule } from './rule.ts';

/**
 * Hits a post that names more addresses in To and Cc than the list lets through. Mailman hits at the limit already, though its reason says
 * "more than" (mailman-behaviour.md, section 26).
 */
export const maxRecipients: Rule = {
  name: 'max-recipients',
  record: true,
  check: ({ list, mail }) => {
    const limit = list.settings.max_num_recipients;
    if (limit === 0) return missFor('Any number of recipients may be named.');
    const count = addressesIn(mail, 'to', 'cc').filter(({ address }) => address !== '').length;
    return count > limit
      ? { hit: true, reason: `The message names ${count} recipients, more than the ${limit} that pass.` }
      : missFor('It does not name too many recipients.');
  },
};
