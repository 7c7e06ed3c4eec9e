import type { FormerMember } from './former-member.ts';
import type { Member } from './member.ts';

// How much each keeps from the list; who is at the lower end of it is treated as the rules of the list say.
const strictness = { accept: 0, defer: 0, hold: 1, reject: 2, discard: 3 } as const;
const strictnessOf = ({ moderation_action }: Pick<Member, 'moderation_action'>): number =>
  moderation_action === undefined ? 0 : strictness[moderation_action];

const inherited = [
  'delivery_mode',
  'acknowledge_posts',
  'hide_address',
  'preferred_language',
  'receive_list_copy',
  'receive_own_postings',
] as const satisfies readonly (keyof Member)[];

/**
 * What changes of a membership that stays, when the membership of another address of the same person on the same list and in the same role is
 * merged into it. What stays says itself counts, and what it leaves open is taken from the other. What moderators decided is about the person, so
 * the stricter of both decisions stays; bounces, and what follows from them, are about the address, so those of the other go with it.
 * A membership as address wins over one as user. Merging twice is merging once.
 */
export const mergeChanges = (stays: Member, goes: Member): Readonly<Record<string, unknown>> => {
  const stricter = strictnessOf(goes) > strictnessOf(stays) ? goes : stays;
  const moderation_action = stricter.moderation_action ?? goes.moderation_action;
  const merged: Readonly<Record<string, unknown>> = {
    display_name: stays.display_name === '' ? goes.display_name : stays.display_name,
    moderation_action,
    delivery_status: goes.delivery_status === 'by_moderator' ? 'by_moderator' : stays.delivery_status,
    user_id: goes.user_id === undefined ? undefined : stays.user_id,
    subscribed_at: goes.subscribed_at < stays.subscribed_at ? goes.subscribed_at : stays.subscribed_at,
    ...Object.fromEntries(inherited.map((name) => [name, stays[name] ?? goes[name]])),
  };
  const before: Readonly<Record<string, unknown>> = stays;
  return Object.fromEntries(
    Object.entries(merged)
      .filter(([name, value]) => value !== before[name])
      .map(([name, value]) => [name, value ?? null]),
  );
};

/**
 * What another address of the same person had on a list, for the address that takes its place: beside what that one had itself, if it was there before. The
 * same rules as for memberships. That the other one has left says nothing of the one that stays: it may be about to join.
 */
export const mergeFormer = (stays: FormerMember | undefined, goes: FormerMember): FormerMember => {
  if (stays === undefined) return { ...goes, left_at: '' };
  const stricter = strictnessOf(goes) > strictnessOf(stays) ? goes : stays;
  const moderation_action = stricter.moderation_action ?? goes.moderation_action;
  const byModerator =
    goes.delivery_status === 'by_moderator' ? { delivery_status: 'by_moderator' as const } : {};
  return {
    ...goes,
    ...stays,
    ...(moderation_action === undefined ? {} : { moderation_action }),
    ...byModerator,
  };
};
