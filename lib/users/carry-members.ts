import type { Clock } from '../clock/clock.ts';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import { type Member, withoutBounces } from '../members/member.ts';
import { mergeChanges } from '../members/merge-members.ts';
import type { Store } from '../store/store.ts';

// A person is on some dozens of lists, and this is one of several messages that a function has.
const atOnce = 8;

/** So long a link holds by which a member leaves: until then it must find the membership. */
const rememberedMs = 366 * 86_400_000;

/** What carrying memberships needs of the world. */
export interface CarryPorts {
  readonly store: Pick<Store, 'members' | 'moved'>;
  readonly clock: Clock;
}

/**
 * Puts one membership under another address: first there, then away from here, so that whoever dies in between leaves it twice for a moment and
 * never nowhere. The member id tells our own half-done work from a membership that the other address has by itself, with which it is merged.
 */
const carry = async (found: Member, to: string, { store, clock }: CarryPorts): Promise<boolean> => {
  const { members, moved } = store;
  const { list_id, role, email } = found;
  // It was found by the index, which may tell of what is gone.
  const member = await members.get(list_id, role, email);
  if (member === undefined) return false;
  let { member_id } = member;
  if (!(await members.add({ ...withoutBounces(member), email: to }))) {
    const there = await members.get(list_id, role, to);
    if (there === undefined) throw new Error('A membership ended while another one was being merged with it');
    member_id = there.member_id;
    const changes = there.member_id === member.member_id ? {} : mergeChanges(there, member);
    if (Object.keys(changes).length > 0) await members.set(list_id, role, to, changes);
  }
  // Links in mails to the former address name the id; they are made for members alone.
  if (role === 'member') {
    await moved.put(
      member.member_id,
      { email: to, member_id },
      new Date(clock.now().getTime() + rememberedMs),
    );
  }
  await members.remove(list_id, role, email);
  return true;
};

/** Puts the memberships of an address that are meant under another one; gives how many there were. May be repeated at any point. */
export const carryMembers = async (
  from: string,
  to: string,
  meant: (member: Member) => boolean,
  ports: CarryPorts,
): Promise<number> => {
  let carried = 0;
  await forEachAtOnce(ports.store.members.of(from), atOnce, async (member) => {
    if (meant(member) && (await carry(member, to, ports))) carried += 1;
  });
  return carried;
};
