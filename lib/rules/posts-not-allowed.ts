import { listAddress, postingAddress } from '../lists/list.ts';
import { missFor, type Rule } from './rule.ts';

/**
 * Hits posts to a list that takes none (`allow_list_posts`), unless an owner or moderator wrote them. In Mailman that setting changes a header and
 * nothing else (mailman-behaviour.md, section 26). The rule is not recorded, so that the recorded ones stay Mailman's.
 */
export const postsNotAllowed: Rule = {
  name: 'posts-not-allowed',
  record: false,
  asks: ['owners'],
  check: ({ list, senders, answers }) => {
    if (list.settings.allow_list_posts || senders.some((sender) => answers.owners.has(sender)))
      return missFor('The sender may post here.');
    return {
      hit: true,
      reason: `${postingAddress(list)} takes announcements of its owners only; write to ${listAddress(list, 'owner')} to reach them.`,
    };
  },
};
