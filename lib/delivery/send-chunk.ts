import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock/clock.ts';
import { coalesced } from '../concurrency/coalesced.ts';
import type { ChunkProgress } from './chunk-progress.ts';
import type { DeliveryModule } from './delivery-module.ts';
import { codeOfRest, type Settled, settle } from './settle.ts';
import type { TransactionOutcome, Transport } from './transport.ts';

/** What sending a chunk needs. */
export interface Sending {
  readonly progress: ChunkProgress;
  readonly module: DeliveryModule;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Whether delivery is parked and this is the question whether it still has to be. */
  readonly probing: boolean;
  /** After this moment no further transaction is begun. The first one always is: else each invocation would leave it to the next one. */
  readonly latest: Date;
  /** When a transaction that is open must be given up, so that there is time to write down that nobody knows its end. */
  readonly end: Date;
  /** Makes what is known durable; false when the chunk has another holder. */
  readonly write: () => Promise<boolean>;
  /** Called at the first sign that the other side takes mail from us. */
  readonly welcomed: () => Promise<void>;
}

/** Why sending ended. What is known is durable, unless the chunk is lost or nothing has to be sent before the ledger moves on. */
export type SendingEnd =
  /** Everybody was tried, or will not be in this attempt. */
  | { readonly kind: 'tried' }
  /** There is not time enough for the rest. */
  | { readonly kind: 'out of time'; readonly afterMs: number }
  | { readonly kind: 'refused-us'; readonly reply: string }
  /** The chunk has another holder, who does the rest. */
  | { readonly kind: 'lost' };

/**
 * Sends a chunk over several connections. Each begins its next transaction when the last one's verdict is durable, so that at most the open
 * transactions can be doubled by a crash (design, rule 8). Whatever ends the sending, each open transaction is brought to its end first.
 */
export const sendChunk = (sending: Sending): Promise<SendingEnd> => new ChunkSender(sending).run();

class ChunkSender {
  readonly #sending: Sending;
  readonly #write: () => Promise<boolean>;
  readonly #stopped = new AbortController();
  #end: SendingEnd | undefined;
  /** How many workers there are, and how many there may be. */
  #workers = 0;
  #limit = 1;
  /** How many transactions were begun, and how many of them have no durable verdict. */
  #begun = 0;
  #open = 0;
  /** How many were begun when the relay asked us to slow down; undefined when it has served somebody since. */
  #slowedAt: number | undefined;
  /** How often in succession the relay refused the post. */
  #refusals = 0;
  #welcome = false;
  /** Who was refused since somebody was served, by a reply that may have been about us. */
  #doubtful: { readonly index: number; readonly reply: string }[] = [];
  /** How long the slowest transaction took. */
  #longestMs = 0;

  constructor(sending: Sending) {
    this.#sending = sending;
    this.#write = coalesced(sending.write);
  }

  async run(): Promise<SendingEnd> {
    const { module, progress } = this.#sending;
    const batches = Math.ceil(progress.pending.length / module.recipients);
    this.#workers = Math.min(module.connections, batches);
    this.#limit = this.#workers;
    const workers = Array.from({ length: this.#workers }, () => this.#guarded());
    for (const outcome of await Promise.allSettled(workers)) {
      if (outcome.status === 'rejected') throw outcome.reason;
    }
    // Nobody has been told of them, and now it is known whom the relay meant. They come behind those who were not tried, who may fare better.
    if (this.#end?.kind === 'refused-us') {
      for (const { index, reply } of this.#doubtful)
        progress.note(index, { kind: 'deferred', reply, at: 'rcpt' });
    }
    return this.#end ?? { kind: 'tried' };
  }

  #stop(end: SendingEnd): void {
    this.#end ??= end;
    this.#stopped.abort();
  }

  /** A fault of ours stops the others as well; it is thrown when they have ended. */
  async #guarded(): Promise<void> {
    try {
      await this.#work();
    } catch (error) {
      this.#stop({ kind: 'lost' });
      throw error;
    }
  }

  /** A worker goes. It is counted off at the moment of that decision, so that of two that decide one after the other the second knows of the first. */
  #leave(): false {
    this.#workers -= 1;
    return false;
  }

  async #work(): Promise<void> {
    while (this.#mayBegin() && (await this.#deliver(this.#sending.progress.take())));
  }

  /** Whether a worker begins another transaction. */
  #mayBegin(): boolean {
    const { progress, clock, latest } = this.#sending;
    if (this.#end !== undefined || progress.pending.length === 0) return this.#leave();
    if (this.#workers > this.#limit) return this.#leave();
    // A mail that is on its way when the function ends is one that may be doubled, and a slow relay would be sent it again each time.
    if (this.#begun > 0 && clock.now().getTime() + this.#longestMs > latest.getTime()) {
      this.#stop({ kind: 'out of time', afterMs: 0 });
      return this.#leave();
    }
    return true;
  }

  /** One transaction, until its verdict is durable; says whether its worker goes on. */
  async #deliver(batch: readonly number[]): Promise<boolean> {
    const { progress, module, transport, clock, latest, end, welcomed } = this.#sending;
    const began = clock.now().getTime();
    this.#begun += 1;
    const number = this.#begun;
    this.#open += 1;
    try {
      const answer = await transport.deliver({
        ...module.transaction(batch),
        following: Math.ceil(progress.pending.length / module.recipients),
        beginBefore: latest,
        endBefore: end,
      });
      const outcome = this.#weighed(answer);
      this.#longestMs = Math.max(this.#longestMs, clock.now().getTime() - began);
      switch (outcome.kind) {
        case 'refused-us':
          progress.putBack(batch);
          this.#stop(outcome);
          return this.#leave();
        case 'not-now':
          progress.putBack(batch);
          return await this.#wait(outcome.afterMs);
        default:
          this.#settle(batch, outcome, number);
      }
      if (isWelcome(outcome) && !this.#welcome) {
        this.#welcome = true;
        await welcomed();
      }
      if (this.#isQuietEnd() || this.#end?.kind === 'lost') return this.#leave();
      if (!(await this.#write())) this.#stop({ kind: 'lost' });
      return true;
    } finally {
      this.#open -= 1;
    }
  }

  /**
   * Who refused us in as many words, and still does, refuses nobody else: where there is nobody left by whom it could be told apart, a chunk of one or two
   * recipients would be lost with each probe.
   */
  #weighed(outcome: TransactionOutcome): TransactionOutcome {
    const { probing, progress } = this.#sending;
    return probing &&
      !this.#welcome &&
      progress.pending.length === 0 &&
      outcome.kind === 'verdicts' &&
      outcome.perhapsUs?.inWords === true
      ? { kind: 'refused-us', reply: outcome.perhapsUs.reply }
      : outcome;
  }

  #settle(batch: readonly number[], outcome: Settled, number: number): void {
    const { progress } = this.#sending;
    const bearing = settle(progress, batch, outcome);
    if (outcome.kind === 'verdicts' && outcome.perhapsUs !== undefined) {
      const { reply } = outcome.perhapsUs;
      this.#doubtful.push(...batch.map((index) => ({ index, reply })));
    }
    switch (bearing) {
      case 'served':
        this.#doubtful = [];
        this.#slowedAt = undefined;
        this.#refusals = 0;
        return;
      case 'neutral':
        return;
      case 'silent':
        progress.deferRest(codeOfRest(outcome));
        return;
      case 'refused the post':
        this.#refusals += 1;
        if (this.#refusals > 1) progress.endRest(codeOfRest(outcome));
        return;
      case 'slow down':
        if (this.#slowedAt === undefined) {
          this.#slowedAt = this.#begun;
          this.#limit = Math.max(1, Math.floor(this.#limit / 2));
        } else if (number > this.#slowedAt) {
          // What was begun before we slowed down tells nothing new.
          progress.deferRest(codeOfRest(outcome));
        }
    }
  }

  /** With others at work this connection was one too many; the last one waits, when there is time to. */
  async #wait(afterMs: number): Promise<boolean> {
    const { clock, latest } = this.#sending;
    if (this.#workers > 1) {
      this.#limit = Math.max(1, Math.min(this.#limit, this.#workers - 1));
      return this.#leave();
    }
    if (clock.now().getTime() + afterMs >= latest.getTime()) {
      this.#stop({ kind: 'out of time', afterMs });
      return this.#leave();
    }
    if (afterMs > 0) await sleep(afterMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    return true;
  }

  /**
   * Whether the last verdicts may go in one write with the end of the attempt: when everybody is served, nobody has to be told anything, and no other
   * write is under way.
   */
  #isQuietEnd(): boolean {
    const { progress } = this.#sending;
    return (
      this.#open === 1 &&
      this.#end === undefined &&
      progress.pending.length === 0 &&
      progress.counts.deferred === 0 &&
      progress.news.length === 0
    );
  }
}

/** Whether an outcome shows that the relay takes mail from us, whatever it thinks of this one: it spoke of recipients, or of the post. */
const isWelcome = (outcome: Settled): boolean =>
  outcome.unasked !== true &&
  (outcome.kind === 'refused-post' ||
    outcome.verdicts.some(
      (verdict) =>
        verdict.kind === 'delivered' ||
        (verdict.kind !== 'unknown' && verdict.at !== 'mail' && /^\d{3}/.test(verdict.reply)),
    ));
