import type { MailingList } from '../lists/list.ts';
import { type ChangeMembersContext, changeMembers } from './change-members.ts';
import type { Role } from './member.ts';
import { readLines } from './read-lines.ts';
import type { InvalidLine } from './wanted-member.ts';

/** What came of it. */
export interface AddMembersOutcome {
  readonly added: number;
  /** Those who had the role before. */
  readonly already: number;
  readonly invalid: readonly InvalidLine[];
}

/**
 * Adds addresses to a list, one line each (see `member-line.ts`), and sends no mail. Lines that cannot be are reported and the others added;
 * adding again what was added before changes nothing.
 */
export const addMembers = async (
  context: ChangeMembersContext,
  list: MailingList,
  lines: AsyncIterable<string> | Iterable<string>,
  { role = 'member' }: { readonly role?: Role } = {},
): Promise<AddMembersOutcome> => {
  const { plan, done, invalid } = await changeMembers(list, readLines(lines, role), context);
  return { added: done.added, already: plan.already + plan.add.length - done.added, invalid };
};
