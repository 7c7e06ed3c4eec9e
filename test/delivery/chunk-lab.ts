import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { postKey, rosterKey } from '../../lib/blobs/keys.ts';
import { readSite } from '../../lib/config/site.ts';
import type { Ledger, LedgerVerdicts } from '../../lib/delivery/ledger.ts';
import { emptyBitmap, openStates, stateAt } from '../../lib/delivery/ledger-states.ts';
import { writeRoster } from '../../lib/delivery/roster.ts';
import type { Transaction, TransactionOutcome } from '../../lib/delivery/transport.ts';
import type { Verdict } from '../../lib/delivery/verdict.ts';
import { LaterError } from '../../lib/errors/later-error.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import { resendMissed } from '../../lib/posts/resend.ts';
import type { ChunkMessage, QueueMessage } from '../../lib/queue/messages.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { Ledgers, Parking, Store } from '../../lib/store/store.ts';
import { memoryLedgers, memoryParking } from '../harness/memory-ledgers.ts';

/** What the relay does with a transaction. */
export const moods = [
  'takes it',
  'defers at RCPT',
  'rejects the first',
  'takes it and breaks off',
  'breaks off',
  'defers at MAIL',
  'refuses us',
  'refuses the post',
  'refuses the recipient',
  'not now',
] as const;
export type Mood = (typeof moods)[number];

/** The shape of a chunk and of its delivery. */
export interface Shape {
  readonly recipients: number;
  readonly connections: number;
  readonly atOnce: number;
  readonly individual: boolean;
}

/** A call to the world that an invocation waits for. */
interface Call {
  /** Lets it happen in the world, and answers the caller. */
  readonly letThrough: () => Promise<void>;
  /** Lets it happen in the world, and nobody is answered. */
  readonly happen: () => Promise<unknown>;
}

/** A function at work on a message, or one that was killed or is frozen. */
interface Invocation {
  readonly owner: string;
  /** When Lambda would have ended it. */
  readonly deadline: number;
  readonly calls: Call[];
  ended: boolean;
  /** Who got a copy from it without its verdict being durable: what a crash now would double. */
  readonly exposed: Set<number>;
}

/** A message on a queue, from a certain time on. */
interface Waiting {
  readonly message: ChunkMessage;
  readonly from: number;
}

// As on AWS: a message that was not acknowledged comes back.
const visibilityMs = 210_000;
const functionMs = 180_000;

/**
 * One chunk, the real runner, and a world whose every call waits until a test lets it through: so that functions can run beside each other in any order, die
 * before or after any call, or stand still until their lease has run out.
 */
export class ChunkLab {
  readonly shape: Shape;
  now = Date.parse('2026-11-20T12:00:00Z');
  readonly waiting: Waiting[] = [];
  /** Everything that was ever sent, so that it can come once more. */
  readonly history: ChunkMessage[] = [];
  readonly told: QueueMessage[] = [];
  readonly copies: number[];
  readonly live: Invocation[] = [];
  readonly all: Invocation[] = [];
  /** How often the ledger moved on from each attempt. */
  readonly moves = new Map<number, number>();
  mood: Mood = 'takes it';
  /** Whether a function went on after its time, which Lambda does not allow: the ledger bears it, and what it tells others may be out of date. */
  overstayed = false;
  /** Whether somebody had the post sent again to those who missed it. */
  resent = false;
  /** Whether somebody died who had begun to send it again when it was over: then it is for them to say so once more. */
  owed = false;
  readonly #ledgers: Ledgers;
  readonly #parking: Parking;
  readonly #id = randomUUID();
  readonly #blobs = new Map<string, Buffer>();
  readonly #shunt = new Set<string>();
  readonly #faults: unknown[] = [];

  constructor(shape: Shape, store: Pick<Store, 'ledgers' | 'parking'> = inMemory()) {
    this.shape = shape;
    this.#ledgers = store.ledgers;
    this.#parking = store.parking;
    this.copies = Array.from({ length: shape.recipients }, () => 0);
  }

  get chunk(): ChunkMessage {
    const { individual } = this.shape;
    return {
      v: 1,
      type: 'chunk',
      queue: 'out',
      id: this.#id,
      listid: 'ant.example.com',
      roster: 'r',
      chunk: 0,
      attempt: 0,
      sender: 'ant-bounces@example.com',
      plan: {
        personalize: individual ? 'individual' : 'none',
        verp: false,
        decorate: false,
        voice: 'post',
        list: { address: 'ant@example.com', name: 'Ant' },
      },
    };
  }

  async begin(): Promise<void> {
    const size = this.shape.recipients;
    const entries = this.copies.map((_, index) => ({ email: `${index}@example.org` }));
    this.#blobs.set(postKey(this.#id, 'r'), Buffer.from('Subject: x\r\n\r\nx\r\n'));
    this.#blobs.set(rosterKey(this.#id, 'r', 0), writeRoster(entries));
    await this.#ledgers.open([
      {
        id: this.#id,
        list_id: 'ant.example.com',
        roster: 'r',
        chunk: 0,
        size,
        owner: '',
        epoch: 0,
        lease_end: 0,
        attempt: 0,
        done: false,
        give_up: 0,
        expires: 4e9,
        states: openStates(size),
        codes: {},
        reported: emptyBitmap(size),
        possibly_doubled: 0,
      },
    ]);
    this.#send([this.chunk], 0);
  }

  async ledger(): Promise<Ledger> {
    const ledger = await this.#ledgers.get(this.#id, 'r', 0);
    if (ledger === undefined) throw new Error('The ledger is gone');
    return ledger;
  }

  /** The first fault that a run ended with although nobody had killed it. */
  get fault(): unknown {
    return this.#faults[0];
  }

  /** Lets a function take the message at a place in the queue, when it is there by now. */
  async start(place: number): Promise<void> {
    const due = this.waiting.filter(({ from }) => from <= this.now);
    const taken = due[place % Math.max(1, due.length)];
    if (taken === undefined) return;
    const { message } = taken;
    this.waiting.splice(this.waiting.indexOf(taken), 1);
    // It comes back unless it is acknowledged.
    const back: Waiting = { message, from: this.now + visibilityMs };
    this.waiting.push(back);
    const invocation: Invocation = {
      owner: `f${this.all.length}`,
      deadline: this.now + functionMs,
      calls: [],
      ended: false,
      exposed: new Set(),
    };
    this.all.push(invocation);
    this.live.push(invocation);
    void this.#run(message, invocation).then(
      () => this.#end(invocation, back, undefined),
      (error: unknown) => {
        if (error instanceof LaterError) return this.#end(invocation, back, error.until.getTime());
        this.#faults.push(error);
        this.#drop(invocation);
      },
    );
    await settled();
  }

  /** Lets one call of one function through. */
  async step(which: number, call: number): Promise<void> {
    const invocation = this.live[which % Math.max(1, this.live.length)];
    const [next] = invocation?.calls.splice(call % Math.max(1, invocation.calls.length), 1) ?? [];
    if (invocation === undefined || next === undefined) return;
    if (this.now > invocation.deadline) this.overstayed = true;
    await next.letThrough();
    await settled();
  }

  /** Kills a function, before its call reached the world or after. */
  async kill(which: number, call: number, after: boolean): Promise<void> {
    const invocation = this.live[which % Math.max(1, this.live.length)];
    if (invocation === undefined) return;
    const next = invocation.calls[call % Math.max(1, invocation.calls.length)];
    invocation.ended = true;
    if (after) await next?.happen();
    this.#drop(invocation);
  }

  /** SQS delivers at least once: a message of long ago comes again. */
  again(which: number): void {
    const message = this.history[which % Math.max(1, this.history.length)];
    if (message !== undefined) this.waiting.push({ message, from: this.now });
  }

  /** Somebody has the post sent again to those who missed it; `dies` before the message is on its queue. */
  async resend(dies: boolean): Promise<void> {
    const { id, listid, roster, sender, plan } = this.chunk;
    const { done } = await this.ledger();
    const death = new Error('It dies');
    this.resent = true;
    await resendMissed(
      { id, list_id: listid },
      { attempt: roster, chunks: 1, recipients: this.shape.recipients, committed_at: 'then', sender, plan },
      {
        store: { ledgers: this.#ledgers, lists: { uncounted: async () => listid } },
        blobs: async () => ({ get: async (key) => this.#blobs.get(key) }),
        queues: async () => ({
          send: async (messages) => {
            if (dies) throw death;
            this.#send(messages, 0);
          },
        }),
        clock: { now: () => new Date(this.now) },
        site: readSite({}),
      },
    ).then(
      () => {
        this.owed = false;
      },
      (error: unknown) => {
        if (error !== death) throw error;
        this.owed ||= done;
      },
    );
  }

  /** Brings everything to its end: who runs runs on, messages are taken when they are due, and the relay takes all. */
  async drain(): Promise<void> {
    this.mood = 'takes it';
    for (let turns = 0; this.live.length > 0 || this.waiting.length > 0; turns += 1) {
      if (this.fault !== undefined) throw this.fault;
      if (turns > 5000) throw new Error('It never ends');
      if (this.live.length > 0) {
        await this.step(turns, turns);
        continue;
      }
      this.now = Math.max(this.now, ...[Math.min(...this.waiting.map(({ from }) => from))]);
      await this.start(0);
    }
  }

  #end(invocation: Invocation, back: Waiting, until: number | undefined): void {
    if (invocation.ended) return;
    invocation.ended = true;
    this.#drop(invocation);
    const at = this.waiting.indexOf(back);
    if (at === -1) return;
    if (until === undefined) this.waiting.splice(at, 1);
    else this.waiting[at] = { ...back, from: until };
  }

  #drop(invocation: Invocation): void {
    const at = this.live.indexOf(invocation);
    if (at !== -1) this.live.splice(at, 1);
    invocation.calls.length = 0;
  }

  #send(messages: readonly QueueMessage[], delayMs: number): void {
    for (const message of messages) {
      if (message.type === 'chunk') {
        this.waiting.push({ message, from: this.now + delayMs });
        this.history.push(message);
      } else {
        this.told.push(message);
      }
    }
  }

  #run(message: ChunkMessage, invocation: Invocation): Promise<void> {
    const call = <T>(effect: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        // Who is dead calls nobody and is answered by nobody.
        if (invocation.ended) return;
        invocation.calls.push({ letThrough: () => effect().then(resolve, reject), happen: effect });
      });
    const gated =
      <A extends readonly unknown[], T>(method: (...given: A) => Promise<T>) =>
      (...given: A): Promise<T> =>
        call(() => method(...given));
    const { connections, atOnce } = this.shape;
    const unasked = (): never => {
      throw new Error('Nobody was to ask this');
    };
    const ledgers = this.#ledgers;
    const parking = this.#parking;
    const store = {
      ...nowhere,
      ledgers: {
        ...ledgers,
        claim: gated(ledgers.claim),
        write: gated((ledger: Ledger, verdicts: LedgerVerdicts) => this.#write(invocation, ledger, verdicts)),
      },
      parking: {
        read: gated(parking.read),
        park: gated(parking.park),
        probe: gated(parking.probe),
        resume: gated(parking.resume),
      },
      mails: { ...nowhere.mails, get: async () => undefined },
      shunt: {
        ...nowhere.shunt,
        put: gated(async ({ id }: { readonly id: string }) => void this.#shunt.add(id)),
      },
    };
    return runOutgoing(message, {
      store,
      blobs: {
        get: async (key) => this.#blobs.get(key),
        put: unasked,
        copy: unasked,
        remove: unasked,
      },
      queues: {
        send: gated(async (messages: readonly QueueMessage[], options?: { readonly delaySeconds?: number }) =>
          this.#send(messages, (options?.delaySeconds ?? 0) * 1000),
        ),
      },
      clock: { now: () => new Date(this.now) },
      site: readSite({ mta: { max_recipients: atOnce }, delivery: { connections } }),
      log: mailLogTo(() => undefined),
      transport: {
        limits: { recipients: 100, connections: 20, ownSender: true, size: undefined },
        deliver: async (transaction) => {
          const outcome = await call(async () => this.#relay(transaction, invocation));
          return call(async () => outcome);
        },
        close: async () => undefined,
      },
      owner: invocation.owner,
      deadline: new Date(invocation.deadline),
    });
  }

  async #write(invocation: Invocation, ledger: Ledger, verdicts: LedgerVerdicts): Promise<boolean> {
    const before = await this.ledger();
    const written = await this.#ledgers.write(ledger, verdicts);
    if (!written) return false;
    if (verdicts.done || verdicts.attempt > before.attempt) {
      this.moves.set(before.attempt, (this.moves.get(before.attempt) ?? 0) + 1);
    }
    for (const index of invocation.exposed) {
      if (stateAt(verdicts.states, index) !== stateAt(before.states, index) || verdicts.lease_end === 0) {
        invocation.exposed.delete(index);
      }
    }
    return true;
  }

  #relay({ recipients }: Transaction, invocation: Invocation): TransactionOutcome {
    const indices = recipients.map((address) => Number.parseInt(address, 10));
    const take = (taken: readonly number[]): void => {
      for (const index of taken) {
        this.copies[index] = (this.copies[index] ?? 0) + 1;
        invocation.exposed.add(index);
      }
    };
    const all = (verdict: Verdict): TransactionOutcome => ({
      kind: 'verdicts',
      verdicts: indices.map(() => verdict),
    });
    switch (this.mood) {
      case 'takes it':
        take(indices);
        return all({ kind: 'delivered' });
      case 'defers at RCPT':
        return all({ kind: 'deferred', reply: '451 4.2.1 Later', at: 'rcpt' });
      case 'rejects the first': {
        take(indices.slice(1));
        const rejected: Verdict = { kind: 'rejected', reply: '550 5.1.1 No', at: 'rcpt' };
        return {
          kind: 'verdicts',
          verdicts: indices.map((_, position) => (position === 0 ? rejected : { kind: 'delivered' })),
        };
      }
      case 'takes it and breaks off':
        take(indices);
        return all({ kind: 'unknown', reply: 'Connection lost' });
      case 'breaks off':
        return all({ kind: 'deferred', reply: 'Connection lost', at: 'data' });
      case 'defers at MAIL':
        return all({ kind: 'deferred', reply: '451 4.3.2 Busy', at: 'mail' });
      case 'refuses us':
        return { kind: 'refused-us', reply: '535 5.7.8 No' };
      case 'refuses the post':
        return { kind: 'refused-post', reply: '554 5.6.0 No' };
      case 'refuses the recipient':
        return { kind: 'refused-post', reply: '550 5.1.1 No' };
      case 'not now':
        return { kind: 'not-now', reply: 'busy', afterMs: 0 };
    }
  }
}

// What the runner has no reason to ask here is at an address where nobody answers.
const nowhere = openStore(new DynamoDBClient({ endpoint: 'http://127.0.0.1:9' }), 'nowhere');

const inMemory = () => ({ ledgers: memoryLedgers(), parking: memoryParking() });

/** Everything that can go on without the world has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
