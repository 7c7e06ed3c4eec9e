import type { ChunkProgress, Ended } from '../delivery/chunk-progress.ts';
import { isBounce, isGivenUp, isRefusedPost, placeIn, replyIn } from '../delivery/ledger-codes.ts';
import type { QueueMessage, TroubleMessage } from '../queue/messages.ts';
import { lostChunk } from './lost-chunk.ts';
import type { Claimed, OutgoingPorts } from './outgoing.ts';
import { shunt } from './shunt.ts';
import { writeVerdicts } from './write-verdicts.ts';

/**
 * Ends an attempt. What must follow is sent before the ledger moves on: were it sent after, a crash in between would lose
 * it, because the message that comes back finds its attempt over. A retry that was sent twice is harmless: the second one
 * finds its attempt over as well, so the chain cannot fork (design, rule 10).
 */
export const endAttempt = async (
  claimed: Claimed,
  progress: ChunkProgress,
  ports: OutgoingPorts,
): Promise<void> => {
  const { message, ledger } = claimed;
  const now = ports.clock.now();
  // Parked time is nobody's fault but ours, and no recipient's time runs on in it.
  const over = now.getTime() >= ledger.give_up + (message.parked ?? 0) * 1000;
  if (over && progress.giveUp()) {
    // It is durable before anybody is told: were it not, a crash after telling could end in one more attempt, and that in a delivery.
    const { attempt, lease_end } = ledger;
    const written = await writeVerdicts(claimed, progress, { attempt, done: false, lease_end }, ports);
    if (!written) throw lostChunk(message, ports.clock);
  }
  const { deferred, open } = progress.counts;
  const again = deferred + open > 0;
  const { news } = progress;
  const { retry_delay } = ports.site.delivery;
  await tell(claimed, news, now, ports);
  if (again) {
    await ports.queues.send([{ ...message, queue: 'retry', attempt: ledger.attempt + 1 }], {
      delaySeconds: retry_delay,
    });
  }
  progress.markReported(news);
  const written = await writeVerdicts(
    claimed,
    progress,
    {
      attempt: again ? ledger.attempt + 1 : ledger.attempt,
      done: !again,
      lease_end: 0,
      ...(again ? { again_at: now.getTime() + retry_delay * 1000 } : {}),
    },
    ports,
  );
  if (!written) throw lostChunk(message, ports.clock);
  logAttempt(claimed, progress, ports);
};

/** Tells whoever must know of those whose delivery has ended: `bounces` of members, the owners of the post, and the shunt of the rest. */
const tell = async (
  claimed: Claimed,
  news: readonly Ended[],
  now: Date,
  ports: OutgoingPorts,
): Promise<void> => {
  // In development mode another address was asked about, so that no member has to do with what was said.
  const bounced = ports.site.devmode.enabled ? [] : news.filter(({ code }) => isBounce(code));
  const givenUp = news.filter(({ code }) => isGivenUp(code));
  const refused = news.filter(({ code }) => isRefusedPost(code));
  const messages = [
    ...partsOf(bounced).map((part) => refusals(claimed, part, now)),
    ...(givenUp.length > 0 ? [trouble(claimed, 'given-up', givenUp, now)] : []),
    ...(refused.length > 0 ? [trouble(claimed, 'refused-post', refused, now)] : []),
  ];
  if (messages.length > 0) await ports.queues.send(messages);
  const unserved = givenUp.filter(({ code }) => !isBounce(code));
  if (unserved.length > 0) await shuntUnserved(claimed, unserved, ports);
};

/**
 * How many addresses the function bounce gets in one message. Each is a score and perhaps a notice, some ten calls, and ten messages are in a batch: a chunk of
 * 200 of whom all are refused, as when a provider has closed, would be more than it has time for.
 */
const mostRefused = 25;

const partsOf = (bounced: readonly Ended[]): readonly (readonly Ended[])[] =>
  Array.from({ length: Math.ceil(bounced.length / mostRefused) }, (_, part) =>
    bounced.slice(part * mostRefused, (part + 1) * mostRefused),
  );

const refusals = (
  { message, ledger, entries }: Claimed,
  bounced: readonly Ended[],
  now: Date,
): QueueMessage => ({
  v: 1,
  type: 'refusals',
  queue: 'bounces',
  id: message.id,
  listid: message.listid,
  roster: message.roster,
  chunk: message.chunk,
  attempt: ledger.attempt,
  at: now.toISOString(),
  refused: bounced.map(({ index, code }) => ({ recipient: entries[index]?.email ?? '', reply: code })),
});

const trouble = (
  { message: { id, listid } }: Claimed,
  what: TroubleMessage['trouble'],
  ended: readonly Ended[],
  now: Date,
): TroubleMessage => ({
  v: 1,
  type: 'trouble',
  queue: 'command',
  id,
  listid,
  trouble: what,
  reply: replyIn(ended[0]?.code ?? ''),
  at: now.toISOString(),
});

/**
 * Those who were given up although no reply was ever about them go to the shunt, one item for a chunk and attempt. Its body is the message without what
 * differs between two copies of it, so that a repetition makes the same item.
 */
const shuntUnserved = (
  { message, ledger }: Claimed,
  unserved: readonly Ended[],
  ports: OutgoingPorts,
): Promise<void> => {
  const { parked: _parked, ...body } = message;
  const code = unserved[0]?.code ?? '';
  const who = unserved.length === 1 ? '1 recipient' : `${unserved.length} recipients`;
  return shunt(
    {
      queue: message.queue,
      body: JSON.stringify({ ...body, attempt: ledger.attempt }),
      reason: `Delivery to ${who} was given up after attempt ${ledger.attempt + 1}; the last reply was "${replyIn(code)}" ${placeIn(code)}, which says nothing of them. post resend --missed sends the post to those who did not get it.`,
    },
    ports,
  );
};

const logAttempt = (
  { message, ledger }: Claimed,
  progress: ChunkProgress,
  { log }: Pick<OutgoingPorts, 'log'>,
): void => {
  const { delivered, deferred, ended } = progress.counts;
  log.attempted({
    id: message.id,
    list: message.listid,
    chunk: message.chunk,
    attempt: ledger.attempt,
    delivered,
    deferred,
    ended,
    possiblyDoubled: progress.possiblyDoubled,
    replies: progress.replies,
  });
};
