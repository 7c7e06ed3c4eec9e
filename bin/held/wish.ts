import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { HeldMail, Moderation } from '../../lib/held/held-mail.ts';
import { type Wish, wishAbout } from '../../lib/held/wish-about.ts';
import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import type { ModerationMessage } from '../../lib/queue/messages.ts';
import type { Store } from '../../lib/store/store.ts';
import { firstAndRest } from '../cli/parse.ts';
import type { Call } from '../cli/verb.ts';
import type { Connection } from '../connection/connection.ts';
import { findList } from '../list/find-list.ts';
import { findHeld, heldNumber } from './find-held.ts';
import { moderatorFrom } from './moderator.ts';

/** What a moderator wants, beside which mail and who it is. */
export type Deed = Omit<Wish, 'wish' | 'by'>;

/** What came of a wish: decided so, decided otherwise before, or not known yet. */
interface Outcome {
  readonly held: HeldMail;
  readonly moderation: Moderation | undefined;
  readonly mine: boolean;
}

/** For how long a decision is waited for, and how often it is looked for. A function that is cold takes a second or two. */
const patienceMs = 20_000;
const strideMs = 200;

const decisionOn = async (store: Store, held: HeldMail, until: number): Promise<Moderation | undefined> => {
  for (;;) {
    const { moderation } = (await store.mails.get(held.mail_id)) ?? {};
    if (moderation !== undefined || Date.now() > until) return moderation;
    await pause(strideMs);
  }
};

/** Sends wishes about held mails. */
export const sendWishes = async (
  helds: readonly HeldMail[],
  by: string,
  deed: Deed,
  connection: Connection,
): Promise<readonly ModerationMessage[]> => {
  const messages = helds.map((held) => wishAbout(held, { wish: randomUUID(), by, ...deed }));
  await (await connection.queues()).send(messages);
  return messages;
};

const decideAll = async (
  helds: readonly HeldMail[],
  by: string,
  deed: Deed,
  connection: Connection,
): Promise<readonly Outcome[]> => {
  const messages = await sendWishes(helds, by, deed, connection);
  const until = Date.now() + patienceMs;
  return Promise.all(
    helds.map(async (held, index) => {
      const moderation = await decisionOn(connection.store, held, until);
      return { held, moderation, mine: moderation?.wish === messages[index]?.wish };
    }),
  );
};

const done = { accept: 'accepted', reject: 'rejected', discard: 'discarded' } as const;

/** Why a wish was not done, for the person who had it. */
const problemOf = ({ held, moderation }: Outcome): string =>
  moderation === undefined
    ? `${held.request_id}: nothing decided on it within ${patienceMs / 1000} seconds. The wish is on its way and is not lost; held show ${held.request_id} tells later`
    : `${held.request_id} was ${done[moderation.deed]} already by ${moderation.by} at ${moderation.at}`;

/** The held mails that a call names: `LIST NUMBER...`. All of them must exist before anything is done. */
export const namedHelds = async (
  { args }: Pick<Call, 'args'>,
  { store }: Connection,
): Promise<{ readonly list: MailingList; readonly helds: readonly HeldMail[] }> => {
  const { first, rest } = firstAndRest(args, 'LIST', 'NUMBER');
  const numbers = [...new Set(rest.map(heldNumber))];
  const list = await findList(store, first);
  return { list, helds: await Promise.all(numbers.map((number) => findHeld(store, list, number))) };
};

/** Decides on the held mails that a call names, waits until that is done, and tells what came of each. */
export const decide = async (
  call: Call,
  deed: Deed & { readonly deed: Moderation['deed'] },
): Promise<void> => {
  const { options, out, connect } = call;
  const by = moderatorFrom(options);
  // What is wrong with the call is said before a connection is made.
  const { rest } = firstAndRest(call.args, 'LIST', 'NUMBER');
  rest.forEach(heldNumber);
  const connection = await connect();
  const { list, helds } = await namedHelds(call, connection);
  const outcomes = await decideAll(helds, by, deed, connection);
  const mine = outcomes.filter((outcome) => outcome.mine);
  for (const outcome of outcomes) if (!outcome.mine) out.problem(problemOf(outcome));
  const numbers = mine.map(({ held }) => held.request_id).join(', ');
  out.result(
    outcomes.map(({ held, moderation, mine: own }) => ({
      request_id: held.request_id,
      done: own,
      decision: moderation === undefined ? null : { ...moderation, wish: undefined },
    })),
    numbers === '' ? '' : `${postingAddress(list)}: ${done[deed.deed]} ${numbers}.`,
  );
};
