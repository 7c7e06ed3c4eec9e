import type { Clock } from '../clock/clock.ts';
import type { MailingList } from '../lists/list.ts';
import type { Store } from '../store/store.ts';
import { type ChangesDone, carryOut } from './carry-out.ts';
import { collectWishes, type DuplicateLine } from './collect-wishes.ts';
import type { Role } from './member.ts';
import { type ChangePlan, planChange } from './plan-change.ts';
import { presentMembers } from './present-members.ts';
import type { InvalidLine, Wish } from './wanted-member.ts';

/** What changing the members of a list by a file needs from outside. */
export interface ChangeMembersContext {
  readonly store: Pick<Store, 'members' | 'addresses' | 'users' | 'bans'>;
  readonly clock: Clock;
}

/** How a list is to become as a file says. */
export interface ChangeMembersOptions {
  /** Whether who is there already becomes what the file says. */
  readonly update?: boolean;
  /** The role that those lose who have it and are not in the file. */
  readonly onlyThese?: Role | undefined;
}

/** What is to be done, with all that is wrong in the file. */
export interface PlannedChange {
  readonly plan: ChangePlan;
  /** How many have the role that {@link ChangeMembersOptions.onlyThese} names. */
  readonly before: number;
  readonly invalid: readonly InvalidLine[];
  readonly duplicates: readonly DuplicateLine[];
}

/** Reads a file to its end and the list as it is, and tells what is to be done. Nothing is changed. */
export const planMembers = async (
  list: MailingList,
  wishes: AsyncIterable<Wish> | Iterable<Wish>,
  { store }: Pick<ChangeMembersContext, 'store'>,
  { update = false, onlyThese }: ChangeMembersOptions = {},
): Promise<PlannedChange> => {
  const { wanted, invalid, duplicates } = await collectWishes(wishes);
  const roles = new Set([...wanted.values()].map(({ role }) => role));
  const asked: { readonly role: Role; readonly email: string }[] = [...wanted.values()];
  // Who joins is no nonmember any more.
  for (const { role, email } of wanted.values())
    if (role === 'member') asked.push({ role: 'nonmember', email });
  if (roles.has('member')) roles.add('nonmember');
  if (onlyThese !== undefined) roles.add(onlyThese);
  const [present, bans] = await Promise.all([
    presentMembers(store, list.list_id, roles, onlyThese === undefined ? asked : 'all'),
    store.bans.read(list.list_id),
  ]);
  const plan = planChange({ list, wanted, present, bans, update, onlyThese });
  return {
    plan,
    before: [...present.values()].filter(({ role }) => role === onlyThese).length,
    invalid: [...invalid, ...plan.refused].sort((a, b) => a.line - b.line),
    duplicates,
  };
};

/** {@link planMembers}, carried out. */
export const changeMembers = async (
  list: MailingList,
  wishes: AsyncIterable<Wish> | Iterable<Wish>,
  context: ChangeMembersContext,
  options: ChangeMembersOptions = {},
): Promise<PlannedChange & { readonly done: ChangesDone }> => {
  const planned = await planMembers(list, wishes, context, options);
  return { ...planned, done: await carryOut(list, planned.plan, context) };
};
