import { systemClock } from '../../lib/clock/clock.ts';
import { readSite } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import type { Role } from '../../lib/members/member.ts';
import type { Stack } from '../harness/stack.ts';
import { deliverLikeAnMta } from './mta.ts';
import type { Scenario } from './sweep.ts';

/** Some people of a run. */
export const people = (run: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${run}-${index}@example.org`);

/** Gives a list people in one role. */
export const addMembers = async (
  stack: Stack,
  run: string,
  role: Role,
  emails: readonly string[],
): Promise<void> => {
  for (const email of emails) {
    await stack.store.members.add({
      member_id: `${role}-${email}`,
      list_id: `${run}.example.com`,
      role,
      email,
      display_name: '',
      subscribed_at: systemClock.now().toISOString(),
    });
  }
};

/** Makes a list with members in one role. */
export const makeList = async (
  stack: Stack,
  run: string,
  role: Role,
  emails: readonly string[],
): Promise<void> => {
  await createList(`${run}@example.com`, { store: stack.store, site: readSite(), clock: systemClock });
  await addMembers(stack, run, role, emails);
};

/** Everybody has one copy. */
export const once = (emails: readonly string[]): ReadonlyMap<string, number> =>
  new Map(emails.map((email) => [email, 1]));

const mail = (run: string, to: string, author: string): string =>
  `From: ${author}\r\nTo: ${to}\r\nSubject: ${run}\r\nMessage-ID: <${run}@example.org>\r\n\r\nHello\r\n`;

/** A post of a member: others would have to wait for a moderator. */
export const post = (stack: Stack, run: string, author: string): Promise<void> => {
  const to = `${run}@example.com`;
  return deliverLikeAnMta(() => stack.lmtpPort, author, [to], mail(run, to, author));
};

/** The whole way of a post to three members. */
export const threeMemberPost: Scenario = {
  name: 'post',
  prepare: (stack, run) => makeList(stack, run, 'member', people(run, 3)),
  act: (stack, run) => post(stack, run, `${run}-0@example.org`),
  copies: (run) => once(people(run, 3)),
};

/** The whole way of a mail to two owners. */
export const ownerMail: Scenario = {
  name: 'owner',
  prepare: (stack, run) => makeList(stack, run, 'owner', people(run, 2)),
  act: (stack, run) => {
    const to = `${run}-owner@example.com`;
    const author = 'anne@example.org';
    return deliverLikeAnMta(() => stack.lmtpPort, author, [to], mail(run, to, author));
  },
  copies: (run) => once(people(run, 2)),
};

/** A post of which one member is put off once, and one is refused for good: a retry, and a bounce event. */
export const deferredPost: Scenario = {
  name: 'deferred',
  prepare: (stack, run) =>
    makeList(stack, run, 'member', [
      `${run}@example.org`,
      `deferred-${run}@example.org`,
      `refused-${run}@example.org`,
    ]),
  act: (stack, run) => post(stack, run, `${run}@example.org`),
  copies: (run) =>
    new Map([
      [`${run}@example.org`, 1],
      [`deferred-${run}@example.org`, 1],
      [`refused-${run}@example.org`, 0],
    ]),
};
