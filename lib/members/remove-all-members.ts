import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import type { Store } from '../store/store.ts';
import { roles } from './member.ts';

// The same bound as in adding members.
const atOnce = 32;

/** Takes everybody off a list, in every role; gives how many memberships there were. */
export const removeAllMembers = async (
  store: Pick<Store, 'members'>,
  listId: string,
  onProgress?: (removed: number) => void,
): Promise<number> => {
  let removed = 0;
  for (const role of roles) {
    for await (const page of store.members.pages(listId, role)) {
      await forEachAtOnce(page, atOnce, async ({ email }) => {
        if (await store.members.remove(listId, role, email)) removed += 1;
        onProgress?.(removed);
      });
    }
  }
  return removed;
};
