import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { banOf } from '../../lib/bans/bans.ts';
import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import type { SubscriptionMessage } from '../../lib/queue/messages.ts';
import type { SubscriptionRequest } from '../../lib/subscriptions/request.ts';
import { CommandError } from '../cli/errors.ts';
import { firstAndRest } from '../cli/parse.ts';
import type { Call } from '../cli/verb.ts';
import type { Connection } from '../connection/connection.ts';
import { moderatorFrom } from '../held/moderator.ts';
import { findList } from '../list/find-list.ts';
import { findRequest } from './find-request.ts';
import { requestObject } from './request-object.ts';

/** What a moderator can decide. */
export type Decision = 'accept' | 'reject' | 'discard';

/** For how long a decision is waited for, and how often it is looked for. A function that is cold takes a second or two. */
const patienceMs = 20_000;
const strideMs = 200;

/** What came of a decision: the request as it is now, or `undefined` when it is gone. */
interface Outcome {
  readonly before: SubscriptionRequest;
  readonly now: SubscriptionRequest | undefined;
  readonly mine: boolean;
}

const outcomeOf = async (
  before: SubscriptionRequest,
  wish: SubscriptionMessage,
  { store, clock }: Connection,
): Promise<Outcome> => {
  const until = Date.now() + patienceMs;
  for (;;) {
    const now = await store.requests.get(before.list_id, before.kind, before.email, clock.now());
    const mine = now?.cause === wish.id;
    if (mine || now?.token !== before.token || Date.now() > until) return { before, now, mine };
    await pause(strideMs);
  }
};

const problemOf = ({ before, now }: Outcome): string => {
  if (now?.token === before.token) {
    return `${before.email}: nothing decided within ${patienceMs / 1000} seconds. The wish is on its way and is not lost; request ls tells later`;
  }
  return `${before.email}: the request moved on before${now === undefined ? '' : ` by ${now.by}, and is ${now.state}`}`;
};

const isBanned = async (
  { kind, email, list_id }: SubscriptionRequest,
  { store }: Connection,
): Promise<boolean> => kind === 'join' && banOf(email, await store.bans.read(list_id)) !== undefined;

const wishFor = (
  request: SubscriptionRequest,
  given: Pick<SubscriptionMessage, 'deed' | 'by' | 'at' | 'comment'>,
): SubscriptionMessage => ({
  v: 1,
  type: 'subscription',
  queue: 'command',
  id: randomUUID(),
  listid: request.list_id,
  token: request.token,
  ...given,
});

/** The requests that a call names: `LIST ADDRESS|TOKEN...`. All of them must wait before anything is done. */
export const namedRequests = async (
  { args }: Pick<Call, 'args'>,
  connection: Connection,
): Promise<{ readonly list: MailingList; readonly requests: readonly SubscriptionRequest[] }> => {
  const { first, rest } = firstAndRest(args, 'LIST', 'ADDRESS|TOKEN');
  const list = await findList(connection.store, first);
  const requests = await Promise.all([...new Set(rest)].map((named) => findRequest(list, named, connection)));
  return { list, requests };
};

const done = {
  join: { done: 'joined', rejected: 'was rejected', discarded: 'was discarded' },
  leave: { done: 'left', rejected: 'was rejected', discarded: 'was discarded' },
} as const;

const shown = ({ before, now }: Outcome, list: MailingList): string => {
  const state = now?.state;
  const became = state === 'done' || state === 'rejected' || state === 'discarded' ? state : 'discarded';
  return `${postingAddress(list)}: ${before.email} ${done[before.kind][became]}.`;
};

/** Decides on the requests that a call names, waits until that is done, and tells what came of each. */
export const decide = async (call: Call, deed: Decision, comment?: string): Promise<void> => {
  const { options, out } = call;
  const by = moderatorFrom(options);
  firstAndRest(call.args, 'LIST', 'ADDRESS|TOKEN');
  const connection = await call.connect();
  const { list, requests } = await namedRequests(call, connection);
  for (const request of deed === 'accept' ? requests : []) {
    if (!(await isBanned(request, connection))) continue;
    throw new CommandError(`${request.email} is banned; ban remove lets it join`);
  }
  const at = connection.clock.now().toISOString();
  const wishes = requests.map((request) => ({
    request,
    wish: wishFor(request, { deed, by, at, ...(comment === undefined ? {} : { comment }) }),
  }));
  await (await connection.queues()).send(wishes.map(({ wish }) => wish));
  const outcomes = await Promise.all(wishes.map(({ request, wish }) => outcomeOf(request, wish, connection)));
  for (const outcome of outcomes) if (!outcome.mine) out.problem(problemOf(outcome));
  out.result(
    outcomes.map(({ before, now, mine }) => ({ ...requestObject(now ?? before), done: mine })),
    outcomes
      .filter(({ mine }) => mine)
      .map((outcome) => shown(outcome, list))
      .join('\n'),
  );
};
