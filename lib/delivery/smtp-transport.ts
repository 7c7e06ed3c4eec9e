import { type Clock, systemClock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import type { Ending } from '../smtp/transaction.ts';
import { withCarriable } from './carriable-addresses.ts';
import { type Asked, Denials } from './denials.ts';
import { isPassing, RelayPool } from './relay-pool.ts';
import type { Relay, RelayConnection } from './smtp-connection.ts';
import { farewellOf, isBroken, outcomeOf } from './smtp-outcome.ts';
import type { Transaction, TransactionOutcome, Transport, TransportLimits } from './transport.ts';

/** What the transport needs of the site. */
export interface SmtpTransportSettings {
  readonly mta: Pick<Site['mta'], 'max_sessions_per_connection' | 'max_recipients'>;
  readonly delivery: Pick<Site['delivery'], 'connections'>;
}

/** When a transaction that the relay had no connection for is worth another try, while others are under way. */
const soonMs = 2_000;

/** For how long a relay that lost commands is spared PIPELINING. It may have been a mishap, or be mended some day. */
const lessonMs = 3_600_000;

const outOfTime: TransactionOutcome = { kind: 'not-now', reply: 'out of time', afterMs: 0 };

/**
 * Delivery to an SMTP relay over a few connections, kept across the invocations of a warm function. A failure of a kept
 * connection before the mail was handed over is nobody's: it is tried once more on a fresh one.
 */
export class SmtpTransport implements Transport {
  readonly limits: TransportLimits;
  readonly #pool: RelayPool;
  readonly #clock: Clock;
  readonly #denials = new Denials();
  /** Until when the relay gets one command at a time although it offers PIPELINING. */
  #oneByOneUntil = 0;

  constructor(relay: () => Promise<Relay>, settings: SmtpTransportSettings, clock: Clock = systemClock) {
    const { mta, delivery } = settings;
    const { connections } = delivery;
    this.limits = { recipients: mta.max_recipients, connections, ownSender: true, size: undefined };
    this.#pool = new RelayPool(relay, { connections, sessions: mta.max_sessions_per_connection }, clock);
    this.#clock = clock;
  }

  deliver(transaction: Transaction): Promise<TransactionOutcome> {
    return withCarriable(transaction, (carriable) => this.#deliver(carriable));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #deliver(transaction: Transaction): Promise<TransactionOutcome> {
    let connection: RelayConnection | undefined;
    try {
      connection = await this.#pool.take(transaction.beginBefore);
      if (connection === undefined) return outOfTime;
      for (let learning = false; ; ) {
        if (this.#leftMs(transaction) <= 0) return outOfTime;
        const kept = connection.transactions > 0;
        const ending = await this.#send(connection, transaction);
        if (learning && ending.fault?.kind === 'time-out') this.#oneByOneUntil = 0;
        if (ending.outOfStep) {
          this.#oneByOneUntil = this.#now() + lessonMs;
          learning = true;
        } else if (!kept || !isBroken(ending)) {
          return await this.#conclude(connection, ending, transaction);
        }
        if (this.#leftMs(transaction) <= 0) return outOfTime;
        const failed: RelayConnection = connection;
        connection = undefined;
        connection = await this.#pool.replace(failed);
      }
    } catch (error) {
      if (connection !== undefined) throw error;
      return this.#unopened(error);
    } finally {
      if (connection !== undefined) this.#pool.release(connection);
    }
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  #leftMs({ beginBefore }: Transaction): number {
    return beginBefore.getTime() - this.#now();
  }

  #send(connection: RelayConnection, transaction: Transaction): Promise<Ending> {
    const { sender, recipients, message, endBefore } = transaction;
    const now = this.#now();
    return connection.send({
      sender,
      recipients,
      message,
      mayPipeline: now >= this.#oneByOneUntil,
      leftMs: this.#leftMs(transaction),
      endMs: endBefore === undefined ? Number.POSITIVE_INFINITY : endBefore.getTime() - now,
    });
  }

  /** A relay that says 421 to one of several connections wants fewer of them, and that is no refusal of us. */
  async #conclude(
    connection: RelayConnection,
    ending: Ending,
    { recipients }: Transaction,
  ): Promise<TransactionOutcome> {
    const outcome = outcomeOf(ending);
    if (farewellOf(ending) === undefined && ending.dot?.code !== 421) {
      return this.#weighed(outcome, { recipients, rcpt: ending.rcpt });
    }
    const living = await this.#pool.shrink(connection);
    if (outcome.kind !== 'refused-us' || living === 0) return outcome;
    return { kind: 'not-now', reply: outcome.reply, afterMs: soonMs };
  }

  /** A relay that refuses everybody by policy may well refuse us. */
  #weighed(outcome: TransactionOutcome, asked: Asked): TransactionOutcome {
    const denial = this.#denials.judge(asked, this.#now());
    if (outcome.kind !== 'verdicts' || denial === undefined) return outcome;
    const { of, reply, inWords } = denial;
    return of === 'us'
      ? { kind: 'refused-us', reply }
      : { ...outcome, unasked: true, perhapsUs: { reply, inWords } };
  }

  async #unopened(error: unknown): Promise<TransactionOutcome> {
    const reply = error instanceof Error ? error.message : String(error);
    if (isPassing(error) && (await this.#pool.shrink()) > 0) {
      return { kind: 'not-now', reply, afterMs: soonMs };
    }
    return { kind: 'refused-us', reply };
  }
}
