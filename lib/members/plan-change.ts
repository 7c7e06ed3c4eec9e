import { addressKey } from '../addresses/email-address.ts';
import { type BansRead, banOf } from '../bans/bans.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import { membershipKey } from './collect-wishes.ts';
import { preferenceOf, type Wishing } from './effective.ts';
import type { Member, Role } from './member.ts';
import type { InvalidLine, Said, WantedMember } from './wanted-member.ts';

/** Somebody who stays, and what is written of them. */
export interface MemberChange {
  readonly member: Member;
  readonly changes: Readonly<Record<string, unknown>>;
}

/** What is to be done to the members of a list. */
export interface ChangePlan {
  readonly add: readonly WantedMember[];
  readonly change: readonly MemberChange[];
  readonly remove: readonly Member[];
  /** Nonmembers who are, or become, members. */
  readonly nonmembers: readonly Member[];
  /** How many are there already, with those who change. */
  readonly already: number;
  /** How many of those the file says other things than the list, and who are left as they are. */
  readonly differing: number;
  readonly refused: readonly InvalidLine[];
}

/** What a plan is made from. */
export interface ChangeFacts {
  readonly list: MailingList;
  readonly wanted: ReadonlyMap<string, WantedMember>;
  readonly present: ReadonlyMap<string, Member>;
  readonly bans: BansRead;
  /** Whether who is there already becomes what the file says. */
  readonly update: boolean;
  /** The role that those lose who have it and are not in the file; absent: nobody. */
  readonly onlyThese?: Role | undefined;
}

/**
 * The part of what is said that does not count anyhow. It alone is written, because what a member has itself is not inherited any more: a whole
 * list that was moved here would else be deaf to the wishes that its people set for their addresses.
 */
export const newlySaid = (member: Wishing & Pick<Member, 'moderation_action'>, said: Said): Said => {
  const { delivery_mode, delivery_status, moderation_action } = said;
  return {
    ...(delivery_mode === undefined || preferenceOf(member, 'delivery_mode') === delivery_mode
      ? {}
      : { delivery_mode }),
    ...(delivery_status === undefined || preferenceOf(member, 'delivery_status') === delivery_status
      ? {}
      : { delivery_status }),
    ...(moderation_action === undefined || member.moderation_action === moderation_action
      ? {}
      : { moderation_action }),
  };
};

const refusalOf = ({ role, email }: WantedMember, { list, bans }: ChangeFacts): string | undefined => {
  // The posting address may only be a nonmember (mailman-behaviour.md, section 20).
  if (role !== 'nonmember' && addressKey(email) === postingAddress(list))
    return `a list cannot be its own ${role}`;
  const ban = role === 'member' ? banOf(email, bans) : undefined;
  if (ban === undefined) return undefined;
  const where = ban.where === 'list' ? 'the list' : 'the site';
  return `${email} is banned from ${where}${ban.entry === addressKey(email) ? '' : ` by ${ban.entry}`}`;
};

/** What is to be done so that a list is as a file says. A plan that is carried out in part is, made anew, what is left of it. */
export const planChange = (facts: ChangeFacts): ChangePlan => {
  const { wanted, present, update, onlyThese } = facts;
  const add: WantedMember[] = [];
  const change: MemberChange[] = [];
  const nonmembers: Member[] = [];
  const refused: InvalidLine[] = [];
  let already = 0;
  let differing = 0;
  for (const [key, one] of wanted) {
    const member = present.get(key);
    const refusal = member === undefined ? refusalOf(one, facts) : undefined;
    if (refusal !== undefined) {
      refused.push({ line: one.line, text: one.email, reason: refusal });
      continue;
    }
    const before =
      one.role === 'member' ? present.get(membershipKey({ ...one, role: 'nonmember' })) : undefined;
    if (before !== undefined) nonmembers.push(before);
    if (member === undefined) {
      add.push(one);
      continue;
    }
    already += 1;
    const named = one.display_name === '' || one.display_name === member.display_name;
    const changes = {
      ...(named ? {} : { display_name: one.display_name }),
      ...newlySaid(member, one.said),
    };
    if (Object.keys(changes).length === 0) continue;
    if (update) change.push({ member, changes });
    else differing += 1;
  }
  const remove = [...present.values()].filter(
    (member) => member.role === onlyThese && !wanted.has(membershipKey(member)),
  );
  return { add, change, remove, nonmembers, already, differing, refused };
};
