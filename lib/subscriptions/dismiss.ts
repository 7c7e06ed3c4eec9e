import { formerOf, rememberedUntil } from '../members/rejoin.ts';
import type { Store } from '../store/store.ts';
import type { SubscriptionRequest } from './request.ts';

/**
 * Takes a member off the list. Only the membership that the request is about goes: one that began since is another one, and stays. What the
 * member had is noted first, so that whoever dies in between and repeats it finds the member still there.
 */
export const dismiss = async (
  { list_id, email, member_id, changed_at }: SubscriptionRequest,
  { members }: Pick<Store, 'members'>,
): Promise<void> => {
  const member = await members.get(list_id, 'member', email);
  if (member?.member_id !== member_id) return;
  const left = new Date(changed_at);
  await members.former.put(formerOf(member, left), rememberedUntil(left));
  await members.remove(list_id, 'member', email, member_id);
};
