import type { RequestKind, SubscriptionRequest } from '../../lib/subscriptions/request.ts';
import type { Stack } from '../harness/stack.ts';
import { deliverLikeAnMta } from './mta.ts';
import { makeList } from './scenarios.ts';
import type { Scenario } from './sweep.ts';

const person = (run: string): string => `person-${run}@example.org`;
const owner = (run: string): string => `owner-${run}@example.org`;

/**
 * The key by which links are signed is there before the first run, and each process reads it once: so every run begins in a new one, and its calls are
 * always the same.
 */
const everyRun = {
  setUp: async (stack: Stack): Promise<void> => {
    await stack.store.secrets.key('web');
  },
  fresh: 'command',
} as const;

/** Sends a mail to an address of the list of a run. */
const write = (
  stack: Stack,
  run: string,
  {
    from,
    to,
    subject = '',
    text,
  }: { readonly from: string; readonly to: string; readonly subject?: string; readonly text: string },
): Promise<void> => {
  const recipient = `${run}-${to}@example.com`;
  const mail = [
    `From: ${from}`,
    `To: ${recipient}`,
    `Subject: ${subject}`,
    `Message-ID: <${run}-${to.slice(0, 7)}@example.org>`,
    '',
    text,
    '',
  ];
  return deliverLikeAnMta(() => stack.lmtpPort, from, [recipient], mail.join('\r\n'));
};

/** The request that waits for an answer, when nothing is under way any more. */
const waiting = async (stack: Stack, run: string, kind: RequestKind): Promise<SubscriptionRequest> => {
  await stack.idle();
  const request = await stack.store.requests.get(`${run}.example.com`, kind, person(run), new Date());
  if (request === undefined || request.token === '') throw new Error(`Nothing waits to ${kind} ${run}`);
  return request;
};

/** Whoever was told of a membership has it, and whoever was told of its end has it no more. */
const settled = async (stack: Stack, run: string, wished: boolean): Promise<void> => {
  await stack.idle();
  const member = await stack.store.members.get(`${run}.example.com`, 'member', person(run));
  if ((member !== undefined) !== wished)
    throw new Error(`${person(run)} is ${wished ? 'no' : 'still a'} member`);
};

/** A stranger joins by mail and answers what asks for it: two mails, and a member. */
export const confirmedJoin: Scenario = {
  name: 'join-confirm',
  ...everyRun,
  prepare: (stack, run) => makeList(stack, run, 'member', []),
  act: async (stack, run) => {
    const from = person(run);
    await write(stack, run, { from, to: 'join', text: '' });
    const { token } = await waiting(stack, run, 'join');
    await write(stack, run, { from, to: `confirm+${token}`, text: 'Yes.' });
    await settled(stack, run, true);
  },
  copies: (run) => new Map([[person(run), 2]]),
};

/** A member leaves by mail and confirms it: two mails, and no member any more. */
export const confirmedLeave: Scenario = {
  name: 'leave-confirm',
  ...everyRun,
  prepare: (stack, run) => makeList(stack, run, 'member', [person(run)]),
  act: async (stack, run) => {
    const from = person(run);
    await write(stack, run, { from, to: 'leave', text: '' });
    const { token } = await waiting(stack, run, 'leave');
    await write(stack, run, { from, to: `confirm+${token}`, text: 'Yes.' });
    await settled(stack, run, false);
  },
  copies: (run) => new Map([[person(run), 2]]),
};

/** Somebody joins a list that its owner keeps: the owner is asked and answers, and the member is greeted. */
export const moderatedJoin: Scenario = {
  name: 'join-moderate',
  ...everyRun,
  prepare: async (stack, run) => {
    await makeList(stack, run, 'owner', [owner(run)]);
    await stack.store.lists.set(`${run}.example.com`, { subscription_policy: 'moderate' });
    const at = new Date().toISOString();
    await stack.store.addresses.register({
      email: person(run),
      display_name: '',
      registered_on: at,
      verified_on: at,
      preferences: {},
    });
  },
  act: async (stack, run) => {
    await write(stack, run, { from: person(run), to: 'join', text: '' });
    const { token } = await waiting(stack, run, 'join');
    await write(stack, run, { from: owner(run), to: `confirm+${token}`, text: 'Yes.' });
    await settled(stack, run, true);
  },
  copies: (run) =>
    new Map([
      [person(run), 1],
      [owner(run), 1],
    ]),
};
