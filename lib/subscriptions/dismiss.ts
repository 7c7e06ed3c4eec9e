import type { FormerMember } from '../members/former-member.ts';
import type { Member } from '../members/member.ts';
import type { Store } from '../store/store.ts';
import type { SubscriptionRequest } from './request.ts';

/** For how long it is remembered what a member had. */
const memory = 365 * 86_400_000;

const formerOf = (member: Member, left_at: string): FormerMember => {
  const { list_id, email, moderation_action, acknowledge_posts, delivery_mode, delivery_status } = member;
  const { hide_address, preferred_language, receive_list_copy, receive_own_postings } = member;
  return {
    list_id,
    email,
    ...(moderation_action === undefined ? {} : { moderation_action }),
    ...(acknowledge_posts === undefined ? {} : { acknowledge_posts }),
    ...(delivery_mode === undefined ? {} : { delivery_mode }),
    ...(delivery_status === undefined ? {} : { delivery_status }),
    ...(hide_address === undefined ? {} : { hide_address }),
    ...(preferred_language === undefined ? {} : { preferred_language }),
    ...(receive_list_copy === undefined ? {} : { receive_list_copy }),
    ...(receive_own_postings === undefined ? {} : { receive_own_postings }),
    left_at,
  };
};

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
  await members.former.put(formerOf(member, changed_at), new Date(Date.parse(changed_at) + memory));
  await members.remove(list_id, 'member', email);
};
