import type { Blobs } from '../blobs/blobs.ts';
import { postKey, rosterKey } from '../blobs/keys.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import {
  afterTransaction,
  beginAttempt,
  type ChunkProgress,
  deferredCount,
  giveUp,
  nextBatch,
  reportable,
  reportableCount,
  verdictsOf,
} from '../delivery/chunk-progress.ts';
import type { Ledger } from '../delivery/ledger.ts';
import { countCodes, countStates } from '../delivery/ledger-states.ts';
import { type RosterEntry, readRoster } from '../delivery/roster.ts';
import type { Transport } from '../delivery/transport.ts';
import { LaterError } from '../errors/later-error.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import type { ChunkMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';

/** What delivering a chunk needs of the world. */
export interface OutgoingPorts {
  readonly store: Pick<Store, 'ledgers'>;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly site: Pick<Site, 'delivery' | 'mta' | 'devmode'>;
  readonly log: MailLog;
  readonly transport: Transport;
  /** Names this invocation in the ledger. */
  readonly owner: string;
  /** When this invocation is ended by force. */
  readonly deadline: Date;
}

/** A chunk that is ours to deliver. */
interface Claimed {
  readonly message: ChunkMessage;
  readonly ledger: Ledger;
  readonly post: Buffer;
  readonly entries: readonly RosterEntry[];
}

/**
 * Delivers one chunk: claims its ledger, sends to those who have not been served, and writes down each verdict before the
 * next transaction begins (design, rules 7 to 10).
 * @throws ShuntError when the ledger, the roster or the post is gone; LaterError when somebody else holds the chunk.
 */
export const runOutgoing = async (message: ChunkMessage, ports: OutgoingPorts): Promise<void> => {
  const leaseEnd = new Date(ports.deadline.getTime() + ports.site.delivery.lease_margin * 1000);
  const { id, roster, chunk, attempt } = message;
  const claim = await ports.store.ledgers.claim({
    id,
    roster,
    chunk,
    attempt,
    owner: ports.owner,
    now: ports.clock.now(),
    leaseEnd,
  });
  switch (claim.kind) {
    case 'gone':
      throw new ShuntError(
        `The ledger of chunk ${chunk} is gone, so that nobody knows who was served; it is not sent again by itself.`,
      );
    case 'over':
      return;
    case 'held':
      throw new LaterError(`Chunk ${chunk} is held by another invocation`, claim.until);
    case 'claimed': {
      const claimed = { message, ledger: claim.ledger, ...(await freight(message, claim.ledger, ports)) };
      const begun = beginAttempt(claim.ledger, {
        maxRecipients: ports.site.mta.max_recipients,
        lapsed: claim.lapsed,
      });
      return deliver(claimed, begun, ports);
    }
  }
};

const freight = async (
  message: ChunkMessage,
  ledger: Ledger,
  { blobs }: Pick<OutgoingPorts, 'blobs'>,
): Promise<Pick<Claimed, 'post' | 'entries'>> => {
  const [post, roster] = await Promise.all([
    blobs.get(postKey(message.id, message.roster)),
    blobs.get(rosterKey(message.id, message.roster, message.chunk)),
  ]);
  if (post === undefined) throw new ShuntError('The bytes of this post are gone from the bucket.');
  if (roster === undefined) {
    throw new ShuntError(`The roster of chunk ${message.chunk} is gone from the bucket.`);
  }
  const entries = readRoster(roster);
  if (entries.length !== ledger.size) {
    throw new ShuntError(`The roster of chunk ${message.chunk} does not fit its ledger.`);
  }
  return { post, entries };
};

/**
 * A further transaction is begun only while more than this share of the invocation's time is left. The first one always is:
 * an invocation that hands its chunk on without having tried would make the next one do the same.
 */
const reserve = 0.1;

/** One connection, one transaction after the other, each verdict durable before the next begins. */
const deliver = async (claimed: Claimed, begun: ChunkProgress, ports: OutgoingPorts): Promise<void> => {
  const { message, ledger, post, entries } = claimed;
  const { site, store, transport } = ports;
  const deadline = ports.deadline.getTime();
  const latest = deadline - (deadline - ports.clock.now().getTime()) * reserve;
  let progress = begun;
  for (let transactions = 0; ; transactions += 1) {
    const batch = nextBatch(progress);
    if (batch.length === 0) break;
    const late = transactions > 0 && ports.clock.now().getTime() > latest;
    if (late) return handBack(claimed, progress, 0, ports);
    const outcome = await transport.deliver({
      sender: message.sender,
      recipients: batch.map((index) => recipientAt(entries, index, site)),
      message: post,
      labels: { post: message.id, list: message.listid },
      beginBefore: ports.deadline,
    });
    if (outcome.kind === 'not-now') return handBack(claimed, progress, outcome.afterMs / 1000, ports);
    if (outcome.kind === 'refused-us') {
      ports.log.parked({ id: message.id, list: message.listid, reason: outcome.reply });
      return handBack(claimed, progress, site.delivery.retry_delay, ports);
    }
    progress = afterTransaction(progress, batch, outcome);
    // The verdicts of the last transaction may go in one write with the end, when nothing has to be sent in between.
    if (nextBatch(progress).length === 0 && isQuietEnd(progress)) break;
    const rest = { attempt: ledger.attempt, done: false, lease_end: ledger.lease_end };
    // Somebody else has the chunk now and does the rest.
    if (!(await store.ledgers.write(ledger, verdictsOf(progress, rest)))) return;
  }
  await endAttempt(claimed, progress, ports);
};

const recipientAt = (
  entries: readonly RosterEntry[],
  index: number,
  { devmode }: Pick<Site, 'devmode'>,
): string => (devmode.enabled ? devmode.recipient : (entries[index]?.email ?? ''));

const isQuietEnd = (progress: ChunkProgress): boolean =>
  deferredCount(progress) === 0 && reportableCount(progress) === progress.reported;

/**
 * Ends an attempt. What must follow is sent before the ledger moves on: were it sent after, a crash in between would lose
 * it, because the message that comes back finds its attempt over. A retry that was sent twice is harmless: the second one
 * finds its attempt over as well, so the chain cannot fork (design, rule 10).
 */
const endAttempt = async (claimed: Claimed, tried: ChunkProgress, ports: OutgoingPorts): Promise<void> => {
  const { message, ledger } = claimed;
  const now = ports.clock.now();
  const progress = now.getTime() >= ledger.give_up ? giveUp(tried) : tried;
  const again = deferredCount(progress) > 0;
  const reported = reportableCount(progress);
  if (reported > progress.reported) await report(claimed, progress, now, ports);
  if (again) {
    await ports.queues.send([{ ...message, queue: 'retry', attempt: ledger.attempt + 1 }], {
      delaySeconds: ports.site.delivery.retry_delay,
    });
  }
  const written = await ports.store.ledgers.write(
    ledger,
    verdictsOf(
      { ...progress, reported },
      { attempt: again ? ledger.attempt + 1 : ledger.attempt, done: !again, lease_end: 0 },
    ),
  );
  if (written) logAttempt(claimed, progress, ports.log);
};

/** Tells `bounces` whom the relay refused for good, or who was given up. */
const report = (
  { message, ledger, entries }: Claimed,
  progress: ChunkProgress,
  now: Date,
  { queues }: OutgoingPorts,
): Promise<void> =>
  queues.send([
    {
      v: 1,
      type: 'refusals',
      queue: 'bounces',
      id: message.id,
      listid: message.listid,
      roster: message.roster,
      chunk: message.chunk,
      attempt: ledger.attempt,
      at: now.toISOString(),
      refused: reportable(progress).map(({ index, code }) => ({
        recipient: entries[index]?.email ?? '',
        reply: code,
      })),
    },
  ]);

/**
 * Gives the chunk back with what is known, and has it delivered later by a message like this one: it touches neither the
 * attempt nor the time at which delivery is given up. The replacement is sent first, so that a crash in between doubles a
 * message, which does no harm, and loses none.
 */
const handBack = async (
  { message, ledger }: Claimed,
  progress: ChunkProgress,
  delaySeconds: number,
  ports: OutgoingPorts,
): Promise<void> => {
  await ports.queues.send([message], { delaySeconds });
  await ports.store.ledgers.write(
    ledger,
    verdictsOf(progress, { attempt: ledger.attempt, done: false, lease_end: 0 }),
  );
};

const logAttempt = ({ message, ledger }: Claimed, progress: ChunkProgress, log: MailLog): void => {
  const { delivered, deferred, ended } = countStates(progress.states, progress.size);
  log.attempted({
    id: message.id,
    list: message.listid,
    chunk: message.chunk,
    attempt: ledger.attempt,
    delivered,
    deferred,
    ended,
    possiblyDoubled: progress.possiblyDoubled,
    replies: countCodes(progress.codes),
  });
};
