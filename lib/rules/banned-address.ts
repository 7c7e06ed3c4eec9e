import { banOf } from '../bans/bans.ts';
import { missFor, type Rule } from './rule.ts';

/** Hits a mail of which any sender is banned from the list or the site. */
export const bannedAddress: Rule = {
  name: 'banned-address',
  record: true,
  asks: ['bans'],
  check: ({ senders, answers }) => {
    for (const sender of senders) {
      const ban = banOf(sender, answers.bans);
      if (ban === undefined) continue;
      const where = ban.where === 'list' ? 'from this list' : 'from all lists of this site';
      return {
        hit: true,
        reason: `${sender} is banned ${where}.`,
        metadata: { moderation_sender: sender },
      };
    }
    return missFor('No sender is banned.');
  },
};
