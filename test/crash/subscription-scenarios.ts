import { systemClock } from '../../lib/clock/clock.ts';
import type { RequestKind, SubscriptionRequest } from '../../lib/subscriptions/request.ts';
import { changeAddress } from '../../lib/users/change-address.ts';
import { linksFor, type WebLinks } from '../../lib/web/links.ts';
import type { Stack } from '../harness/stack.ts';
import { deliverLikeAnMta } from './mta.ts';
import { addMembers, makeList } from './scenarios.ts';
import { patienceMs, type Scenario } from './sweep.ts';

const person = (run: string): string => `person-${run}@example.org`;
const renamed = (run: string): string => `renamed-${run}@example.org`;
const owner = (run: string): string => `owner-${run}@example.org`;
const listOf = (run: string): string => `${run}.example.com`;

/**
 * The key by which links are signed is there before the first run, and each process reads it once: so every run begins in a new one, and its calls are
 * always the same.
 */
const everyRun = (fresh: 'command' | 'web') => ({
  setUp: async (stack: Stack): Promise<void> => {
    await stack.store.secrets.key('web');
  },
  fresh,
});

/** An address that somebody has verified. */
const verified = async (stack: Stack, email: string): Promise<void> => {
  const at = systemClock.now().toISOString();
  await stack.store.addresses.register({
    email,
    display_name: '',
    registered_on: at,
    verified_on: at,
    preferences: {},
  });
};

/** Sends a mail to an address of the list of a run. */
const write = (
  stack: Stack,
  run: string,
  { from, to, text }: { readonly from: string; readonly to: string; readonly text: string },
): Promise<void> => {
  const recipient = `${run}-${to}@example.com`;
  const mail = [
    `From: ${from}`,
    `To: ${recipient}`,
    'Subject: ',
    `Message-ID: <${run}-${to.slice(0, 7)}@example.org>`,
    '',
    text,
    '',
  ];
  return deliverLikeAnMta(() => stack.lmtpPort, from, [recipient], mail.join('\r\n'));
};

/** The request that waits for an answer, when nothing is under way any more. */
const waiting = async (stack: Stack, run: string, kind: RequestKind): Promise<SubscriptionRequest> => {
  await stack.idle(patienceMs);
  const request = await stack.store.requests.get(listOf(run), kind, person(run), systemClock.now());
  if (request === undefined || request.token === '') throw new Error(`Nothing waits to ${kind} ${run}`);
  return request;
};

/** Where and as what an address is a member. */
const places = async (stack: Stack, email: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const { list_id, role } of stack.store.members.of(email)) found.push(`${role} of ${list_id}`);
  return found.sort();
};

/** That an address is a member in these places and in no other, once in each. */
const misplaced = async (
  stack: Stack,
  email: string,
  wanted: readonly string[],
): Promise<readonly string[]> => {
  const found = (await places(stack, email)).join(', ');
  return found === wanted.join(', ') ? [] : [`${email} is ${found === '' ? 'nowhere' : found}`];
};

/** That a request is over, and none waits: its token is good for nothing any more. */
const open = async (stack: Stack, run: string, kind: RequestKind): Promise<readonly string[]> => {
  const now = systemClock.now();
  const request = await stack.store.requests.get(listOf(run), kind, person(run), now);
  const over = request?.state === 'done' && request.token === '';
  return over ? [] : [`The request to ${kind} is ${request?.state ?? 'gone'}`];
};

/** Whoever was told of a membership has it, once, and whoever was told of its end has it no more; the token was used up. */
const settled =
  (kind: RequestKind): NonNullable<Scenario['faults']> =>
  async (stack, run) => [
    ...(await misplaced(stack, person(run), kind === 'join' ? [`member of ${listOf(run)}`] : [])),
    ...(await open(stack, run, kind)),
  ];

/** Somebody writes to the sub-address, and answers what asks for confirmation. */
const confirms =
  (kind: RequestKind): Scenario['act'] =>
  async (stack, run) => {
    const from = person(run);
    await write(stack, run, { from, to: kind, text: '' });
    const { token } = await waiting(stack, run, kind);
    await write(stack, run, { from, to: `confirm+${token}`, text: 'Yes.' });
  };

/** A stranger joins by mail and answers what asks for it: two mails, and a member whose address is verified. */
export const confirmedJoin: Scenario = {
  name: 'join-confirm',
  ...everyRun('command'),
  prepare: (stack, run) => makeList(stack, run, 'member', []),
  act: confirms('join'),
  copies: (run) => new Map([[person(run), 2]]),
  faults: async (stack, run) => {
    const address = await stack.store.addresses.get(person(run));
    return [
      ...(await settled('join')(stack, run)),
      ...(address?.verified_on === undefined ? ['The address is not verified'] : []),
    ];
  },
};

/** A member leaves by mail and confirms it: two mails, and no member any more. */
export const confirmedLeave: Scenario = {
  name: 'leave-confirm',
  ...everyRun('command'),
  prepare: (stack, run) => makeList(stack, run, 'member', [person(run)]),
  act: confirms('leave'),
  copies: (run) => new Map([[person(run), 2]]),
  faults: settled('leave'),
};

/** Somebody joins a list that its owner keeps: the owner is asked and answers, and the member is greeted. */
export const moderatedJoin: Scenario = {
  name: 'join-moderate',
  ...everyRun('command'),
  prepare: async (stack, run) => {
    await makeList(stack, run, 'owner', [owner(run)]);
    await stack.store.lists.set(listOf(run), { subscription_policy: 'moderate' });
    await verified(stack, person(run));
  },
  act: async (stack, run) => {
    await write(stack, run, { from: person(run), to: 'join', text: '' });
    const { token } = await waiting(stack, run, 'join');
    await write(stack, run, { from: owner(run), to: `confirm+${token}`, text: 'Yes.' });
  },
  copies: (run) =>
    new Map([
      [person(run), 1],
      [owner(run), 1],
    ]),
  faults: settled('join'),
};

/** An address takes the place of another one: what belongs to that goes along, and nobody hears of it. */
export const changedAddress: Scenario = {
  name: 'address-change',
  ...everyRun('command'),
  prepare: async (stack, run) => {
    await makeList(stack, run, 'member', [person(run)]);
    await addMembers(stack, run, 'owner', [person(run)]);
    await verified(stack, renamed(run));
    const left = { list_id: listOf(run), email: person(run), left_at: systemClock.now().toISOString() };
    await stack.store.members.former.put(
      { ...left, moderation_action: 'hold' },
      new Date(systemClock.now().getTime() + 86_400_000),
    );
  },
  act: async (stack, run) => {
    const change = { id: `change ${run}`, from: person(run), to: renamed(run), administrator: false };
    await changeAddress(change, { ...stack, clock: systemClock });
  },
  copies: () => new Map(),
  faults: async (stack, run) => {
    const { addresses, members } = stack.store;
    const now = systemClock.now();
    const former = await members.former.get(listOf(run), renamed(run), now);
    const address = await addresses.get(renamed(run));
    return [
      ...(await misplaced(stack, person(run), [])),
      ...(await misplaced(stack, renamed(run), [`member of ${listOf(run)}`, `owner of ${listOf(run)}`])),
      ...(former?.moderation_action === 'hold' ? [] : ['What was remembered did not go along']),
      ...((await addresses.get(person(run))) === undefined ? [] : ['The former address is still there']),
      ...(address?.moving_from === undefined ? [] : ['The change is still under way']),
    ];
  },
};

/** Posts a form as a person does who gets no answer, or one that asks to try again: once more, until it is answered. */
const press = async (link: string, form: Readonly<Record<string, string>>): Promise<string> => {
  const end = performance.now() + patienceMs;
  for (;;) {
    const answer = await fetch(link, { method: 'POST', body: new URLSearchParams(form) });
    const page = await answer.text();
    if (answer.status === 200) return page;
    if (performance.now() > end || answer.status < 500) throw new Error(`${answer.status}: ${page}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const linksOn = async (stack: Stack): Promise<WebLinks> => {
  const key = await stack.store.secrets.key('web');
  const links = linksFor({ url: stack.webUrl, key, clock: systemClock });
  if (links === undefined) throw new Error('The stack has no web pages');
  return links;
};

const says = (page: string, words: string): void => {
  if (!page.includes(words)) throw new Error(`The page does not say "${words}":\n${page}`);
};

/**
 * A member pauses delivery on the page of the membership, and leaves by one click (RFC 8058); whoever gets no answer presses again. Each is told what is so,
 * what was paused is remembered, and one mail says goodbye.
 */
export const pressedLinks: Scenario = {
  name: 'web-leave',
  ...everyRun('web'),
  prepare: (stack, run) => makeList(stack, run, 'member', [person(run)]),
  act: async (stack, run) => {
    const { members } = stack.store;
    const links = await linksOn(stack);
    const member = await members.get(listOf(run), 'member', person(run));
    if (member === undefined) throw new Error(`${person(run)} is no member`);
    says(await press(links.membership(member), { deed: 'pause' }), 'Messages are paused.');
    const paused = await members.get(listOf(run), 'member', person(run));
    if (paused?.delivery_status !== 'by_user') throw new Error('It was told that messages are paused');
    says(await press(links.leave(member), { 'List-Unsubscribe': 'One-Click' }), 'You have left');
    if ((await places(stack, person(run))).length > 0) throw new Error('It was told that they have left');
  },
  copies: (run) => new Map([[person(run), 1]]),
  faults: async (stack, run) => {
    const former = await stack.store.members.former.get(listOf(run), person(run), systemClock.now());
    return [
      ...(await settled('leave')(stack, run)),
      ...(former?.delivery_status === 'by_user' ? [] : ['What was paused is not remembered']),
    ];
  },
};
