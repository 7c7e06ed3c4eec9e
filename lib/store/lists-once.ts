import type { MailingList } from '../lists/list.ts';
import type { Lists } from './store.ts';

/**
 * The lists as one invocation sees them: each is read once, however many of its messages are in the batch, which are often all for one list. Whoever keeps it
 * longer than that sees no changes.
 */
export const listsOnce = (lists: Lists): Lists => {
  const read = new Map<string, Promise<MailingList | undefined>>();
  return {
    ...lists,
    byId: (listId) => {
      const earlier = read.get(listId);
      if (earlier !== undefined) return earlier;
      const now = lists.byId(listId);
      read.set(listId, now);
      return now;
    },
  };
};
