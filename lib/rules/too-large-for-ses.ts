import { largestPost } from '../ses/size.ts';
import { miss, type Rule } from './rule.ts';

const megabyte = 1024 * 1024;

/**
 * Hits a mail that Amazon SES would not carry, on sites that deliver through it: better its author hears it now than a moderator or nobody. No
 * moderator can let it pass, so that it is asked before all that holds. It is not Mailman's, and leaves no record.
 */
export const tooLargeForSes: Rule = {
  name: 'too-large-for-ses',
  record: false,
  check: ({ site, metadata }) => {
    if (site.delivery.transport !== 'ses' || metadata.original_size <= largestPost) return miss;
    const size = (metadata.original_size / megabyte).toFixed(1);
    return {
      hit: true,
      reason: `The message has ${size} MB; more than ${(largestPost / megabyte).toFixed(2)} MB cannot be delivered.`,
    };
  },
};
