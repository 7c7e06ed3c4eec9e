import { randomUUID } from 'node:crypto';
import { readSite, type Site, type SiteOverrides } from '../../lib/config/site.ts';
import type { DeliveryPlan } from '../../lib/delivery/delivery-plan.ts';
import { dispatchPost } from '../../lib/delivery/dispatch.ts';
import type { Ledger } from '../../lib/delivery/ledger.ts';
import { countCodes, countStates } from '../../lib/delivery/ledger-states.ts';
import type { RosterEntry } from '../../lib/delivery/roster.ts';
import type { TransportLimits } from '../../lib/delivery/transport.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { ChunkMessage, QueueMessage } from '../../lib/queue/messages.ts';
import type { Queues } from '../../lib/queue/queue.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import type { Store } from '../../lib/store/store.ts';
import { startEmulators } from '../harness/emulators.ts';
import { ScriptedTransport } from './scripted-transport.ts';

/** A post on its way out, in a test's words. */
export interface Dispatched {
  readonly recipients: readonly (string | RosterEntry)[];
  readonly plan?: Partial<DeliveryPlan>;
  readonly post?: string;
  readonly sender?: string;
}

/** What a run differs in from the usual one. */
export interface Run {
  readonly owner?: string;
  /** Seconds that the invocation has. */
  readonly seconds?: number;
  readonly store?: Store;
  readonly queues?: Queues;
}

const plan: DeliveryPlan = {
  personalize: 'none',
  verp: false,
  decorate: true,
  voice: 'post',
  list: { address: 'test@example.com', name: 'Test' },
};

const settings: SiteOverrides = {
  mta: { max_recipients: 2 },
  delivery: { chunk_size: 20, retry_delay: 0, connections: 5 },
};

/** The only one of some. */
export const one = <T>(items: readonly T[]): T => {
  const [first, ...others] = items;
  if (first === undefined || others.length > 0) throw new Error(`There are ${items.length}, not one`);
  return first;
};

/** So many members. */
export const members = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `m${index}@example.org`);

const chunksIn = (messages: readonly QueueMessage[]): readonly ChunkMessage[] =>
  messages.filter((message) => message.type === 'chunk');

/** The outgoing runner with the emulators behind it, a clock that a test moves, and a transport that says what it is told. */
export const openChunkWorld = async () => {
  const emulators = await startEmulators();
  const start = new Date('2026-11-20T12:00:00Z');
  const world = {
    ...emulators,
    site: readSite(settings),
    now: start,
    transport: new ScriptedTransport(),
    log: [] as Record<string, unknown>[],

    /** Everything as on the first day, but for what lies in store and bucket. */
    begin: async (over: SiteOverrides = {}, limits: Partial<TransportLimits> = {}): Promise<void> => {
      world.site = readSite({
        ...over,
        mta: { ...settings.mta, ...over.mta },
        delivery: { ...settings.delivery, ...over.delivery },
      });
      world.now = start;
      world.transport = new ScriptedTransport(limits);
      world.log.length = 0;
      await emulators.store.parking.resume();
      for (const queue of ['out', 'retry', 'bounces', 'command'] as const) await emulators.receive(queue);
    },

    pass: (seconds: number): void => {
      world.now = new Date(world.now.getTime() + seconds * 1000);
    },

    /** Fixes the roster of a post and takes its chunk messages from the queue. */
    dispatch: async ({
      recipients,
      post,
      sender,
      ...given
    }: Dispatched): Promise<readonly ChunkMessage[]> => {
      const id = randomUUID();
      await emulators.store.mails.commit({
        id,
        list_id: 'test.example.com',
        message_id: `<${id}@example.org>`,
        blob: 'transit/mail/x',
        envelope: { sender: 'a@example.org', recipient: 'test@example.com' },
        metadata: { original_size: 1, received_time: world.now.toISOString() },
        disposition: 'accepted',
        rule_hits: [],
        rule_misses: [],
        decided_at: world.now.toISOString(),
      });
      await dispatchPost(
        {
          record: { id, list_id: 'test.example.com' },
          post: Buffer.from(post ?? 'To: test@example.com\r\nSubject: hello\r\n\r\nbody\r\n'),
          recipients: recipients.map((entry) => (typeof entry === 'string' ? { email: entry } : entry)),
          sender: sender ?? 'test-bounces@example.com',
          plan: { ...plan, ...given.plan },
        },
        { ...emulators, clock: { now: () => world.now }, site: world.site },
      );
      return world.chunks('out');
    },

    chunks: async (queue: 'out' | 'retry'): Promise<readonly ChunkMessage[]> =>
      chunksIn(await emulators.receive(queue)),

    run: (
      message: ChunkMessage,
      { owner = 'me', seconds = 180, store = emulators.store, queues = emulators.queues }: Run = {},
    ) =>
      runOutgoing(message, {
        ...emulators,
        store,
        queues,
        transport: world.transport,
        site: world.site,
        clock: { now: () => world.now },
        log: mailLogTo((line) => world.log.push(JSON.parse(line))),
        owner,
        deadline: new Date(world.now.getTime() + seconds * 1000),
      }),

    ledger: async ({ id, roster, chunk }: ChunkMessage): Promise<Told> => {
      const found = await emulators.store.ledgers.get(id, roster, chunk);
      if (found === undefined) throw new Error('There is no ledger');
      return { ...found, counts: countStates(found.states, found.size), replies: countCodes(found.codes) };
    },
  };
  return world;
};
export type ChunkWorld = Awaited<ReturnType<typeof openChunkWorld>>;

/** A ledger, counted. */
export interface Told extends Ledger {
  readonly counts: ReturnType<typeof countStates>;
  readonly replies: ReturnType<typeof countCodes>;
}

/** The site of a world. */
export type WorldSite = Site;
