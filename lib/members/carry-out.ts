import type { Clock } from '../clock/clock.ts';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import type { MailingList } from '../lists/list.ts';
import type { Member } from './member.ts';
import { type NewcomerStore, newcomers } from './newcomers.ts';
import type { ChangePlan } from './plan-change.ts';
import { formerOf, rememberedUntil } from './rejoin.ts';

/** What changing the members of a list needs from outside. */
export interface ChangePorts {
  readonly store: NewcomerStore;
  readonly clock: Clock;
}

/** What was done. */
export interface ChangesDone {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

// A request to DynamoDB takes some milliseconds; with 32 under way the processor of the caller is what bounds the pace.
const atOnce = 32;

/**
 * Takes a member off a list, this membership and no later one. What a member had is remembered first, so that an end in between loses nothing. Says
 * whether there was one.
 */
const removeMember = async (
  member: Member,
  { store, clock }: { readonly store: Pick<NewcomerStore, 'members'>; readonly clock: Clock },
): Promise<boolean> => {
  const { list_id, role, email, member_id } = member;
  const now = clock.now();
  if (role === 'member') await store.members.former.put(formerOf(member, now), rememberedUntil(now));
  return store.members.remove(list_id, role, email, member_id);
};

/**
 * Does what was planned, one conditional write for each, so that whoever joined or left meanwhile is not overwritten. After an end at any point a plan
 * made anew holds what is left.
 */
export const carryOut = async (
  list: MailingList,
  plan: Pick<ChangePlan, 'add' | 'change' | 'remove' | 'nonmembers'>,
  { store, clock }: ChangePorts,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<ChangesDone> => {
  const of = plan.add.length + plan.change.length + plan.remove.length;
  let done = 0;
  const step = (): void => {
    done += 1;
    onProgress(done, of);
  };
  let added = 0;
  await forEachAtOnce(newcomers(list, plan.add, store, clock.now()), atOnce, async (member) => {
    if (await store.members.add(member)) added += 1;
    step();
  });
  // After they were added: who is neither would be moderated as a stranger.
  await forEachAtOnce(plan.nonmembers, atOnce, async ({ list_id, role, email }) => {
    await store.members.remove(list_id, role, email);
  });
  let changed = 0;
  await forEachAtOnce(plan.change, atOnce, async ({ member: { list_id, role, email }, changes }) => {
    if ((await store.members.set(list_id, role, email, changes)) !== undefined) changed += 1;
    step();
  });
  let removed = 0;
  await forEachAtOnce(plan.remove, atOnce, async (member) => {
    if (await removeMember(member, { store, clock })) removed += 1;
    step();
  });
  return { added, changed, removed };
};
