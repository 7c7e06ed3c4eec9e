import { randomUUID } from 'node:crypto';
import type { Blobs } from '../blobs/blobs.ts';
import { postKey, rosterKey } from '../blobs/keys.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import type { MailRecord, Roster } from '../posts/mail-record.ts';
import type { ChunkMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import { chunkSizeFor } from '../ses/chunk-size.ts';
import type { Store } from '../store/store.ts';
import type { DeliveryPlan } from './delivery-plan.ts';
import type { Ledger } from './ledger.ts';
import { emptyBitmap, openStates } from './ledger-states.ts';
import { chunksOfRoster, type RosterEntry, writeRoster } from './roster.ts';

/** What dispatching needs of the world. */
export interface DispatchPorts {
  readonly store: Pick<Store, 'mails' | 'ledgers' | 'pace'>;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly site: Pick<Site, 'delivery' | 'mta' | 'retention' | 'ses'>;
}

/** A post that is made and knows its recipients. */
export interface MadePost {
  readonly record: Pick<MailRecord, 'id' | 'list_id'>;
  readonly post: Buffer;
  readonly recipients: readonly RosterEntry[];
  /** The envelope sender of the delivery. */
  readonly sender: string;
  readonly plan: DeliveryPlan;
}

/** A relay says by itself when it has enough; Amazon SES has a rate. */
const chunkSize = async ({ site, store }: DispatchPorts): Promise<number> =>
  site.delivery.transport === 'ses' ? chunkSizeFor(site, await store.pace.get()) : site.delivery.chunk_size;

/** How many rosters are written at the same time: enough to hide the latency of S3, few enough to keep memory flat. */
const writesAtOnce = 16;

const ledgersOf = (
  made: MadePost,
  attempt: string,
  chunks: readonly (readonly RosterEntry[])[],
  ports: DispatchPorts,
): readonly Ledger[] => {
  const now = ports.clock.now().getTime();
  return chunks.map((entries, chunk) => ({
    id: made.record.id,
    list_id: made.record.list_id,
    roster: attempt,
    chunk,
    size: entries.length,
    owner: '',
    epoch: 0,
    lease_end: 0,
    attempt: 0,
    done: false,
    give_up: now + ports.site.mta.delivery_retry_period * 1000,
    expires: Math.ceil(now / 1000 + ports.site.retention.posts),
    states: openStates(entries.length),
    codes: {},
    reported: emptyBitmap(entries.length),
    possibly_doubled: 0,
  }));
};

/**
 * Sends the chunk messages of a roster that is fixed. It may be done again at any time: a chunk that was served knows it.
 */
export const sendChunks = async (
  record: Pick<MailRecord, 'id' | 'list_id'>,
  roster: Roster,
  queues: Queues,
): Promise<void> => {
  const messages = Array.from(
    { length: roster.chunks },
    (_, chunk): ChunkMessage => ({
      v: 1,
      type: 'chunk',
      queue: 'out',
      id: record.id,
      listid: record.list_id,
      roster: roster.attempt,
      chunk,
      attempt: 0,
      sender: roster.sender,
      plan: roster.plan,
    }),
  );
  await queues.send(messages);
};

/**
 * Fixes the roster of a post once and sends it on its way (design, rule 6). Everything before the one conditional write
 * lies under a fresh random attempt, so that it may be repeated, and what a loser wrote expires. Ledgers are written before
 * the commit as well: were they written after it, a late repetition could bring back a ledger that had expired, and serve
 * everybody again.
 */
export const dispatchPost = async (made: MadePost, ports: DispatchPorts): Promise<Roster> => {
  const { id } = made.record;
  const attempt = randomUUID().replaceAll('-', '').slice(0, 12);
  const chunks = chunksOfRoster(made.recipients, await chunkSize(ports));
  if (chunks.length > 0) {
    await Promise.all([
      ports.blobs.put(postKey(id, attempt), made.post),
      ports.store.ledgers.open(ledgersOf(made, attempt, chunks, ports)),
      writeRosters(id, attempt, chunks, ports.blobs),
    ]);
  }
  const roster = await ports.store.mails.fixRoster(id, {
    attempt,
    chunks: chunks.length,
    recipients: made.recipients.length,
    sender: made.sender,
    plan: made.plan,
    committed_at: ports.clock.now().toISOString(),
  });
  await sendChunks(made.record, roster, ports.queues);
  return roster;
};

const writeRosters = async (
  id: string,
  attempt: string,
  chunks: readonly (readonly RosterEntry[])[],
  blobs: Blobs,
): Promise<void> => {
  const left = chunks.entries();
  const writer = async (): Promise<void> => {
    for (const [chunk, entries] of left) {
      await blobs.put(rosterKey(id, attempt, chunk), writeRoster(entries));
    }
  };
  await Promise.all(Array.from({ length: Math.min(writesAtOnce, chunks.length) }, writer));
};
