import { systemClock } from '../../lib/clock/clock.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { addMembers } from '../../lib/members/add-members.ts';
import type { Stack } from '../harness/stack.ts';

/**
 * Makes a list with members on a stack that runs. It takes every post: what is sent through it is meant to arrive, however odd it is, and rules have tests of
 * their own.
 */
export const makeList = async (
  { store, site }: Stack,
  fqdn: string,
  members: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<MailingList> => {
  const list = await createList(
    fqdn,
    { store, site, clock: systemClock },
    { settings: { posting_chain: 'accept', ...settings } },
  );
  await addMembers({ store, clock: systemClock }, list, members);
  return list;
};
