import type { Clock } from '../clock/clock.ts';
import { SmtpFault } from '../smtp/smtp-fault.ts';
import { type Relay, RelayConnection } from './smtp-connection.ts';

/** A frozen function's connection is dead when it wakes up, so that one that was idle for longer is not trusted (design, section 4). */
const idleLimitMs = 20_000;

/** After how long a relay that wanted fewer connections is asked for one more. */
const growMs = 60_000;

// Node cannot count further than this.
const longestTimerMs = 2_147_483_647;

/** How many connections there may be, and of how many transactions each. */
export interface PoolLimits {
  readonly connections: number;
  /** 0: any number. */
  readonly sessions: number;
}

/** Somebody who waits for a connection: gets one that has become free, or nothing, and then looks again. */
type Waiter = (connection: RelayConnection | undefined) => void;

/**
 * The connections of this process to the relay. They are opened when they are needed, and the one that was used last is used first, so that
 * who sends one mail after the other has one connection. When the relay wants fewer, there are fewer, and more only slowly.
 */
export class RelayPool {
  readonly #relay: () => Promise<Relay>;
  readonly #limits: PoolLimits;
  readonly #clock: Clock;
  /** Not in use; the one used last is at the end. */
  #idle: RelayConnection[] = [];
  readonly #busy = new Set<RelayConnection>();
  readonly #opening = new Set<Promise<RelayConnection>>();
  readonly #waiters: Waiter[] = [];
  /** How many the relay bore, and when it said so. */
  #shrunk: { readonly to: number; readonly at: number } | undefined;

  constructor(relay: () => Promise<Relay>, limits: PoolLimits, clock: Clock) {
    this.#relay = relay;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** How many connections there may be now. */
  get allowed(): number {
    if (this.#shrunk === undefined) return this.#limits.connections;
    const grown = Math.floor((this.#now() - this.#shrunk.at) / growMs);
    return Math.min(this.#limits.connections, this.#shrunk.to + grown);
  }

  /** A connection for one transaction; undefined when there was none before the given moment. Throws when none could be opened. */
  async take(before: Date): Promise<RelayConnection | undefined> {
    for (;;) {
      const leftMs = before.getTime() - this.#now();
      if (leftMs <= 0) return undefined;
      const kept = this.#freshest();
      if (kept !== undefined) return this.#lend(kept);
      if (this.#idle.length + this.#busy.size + this.#opening.size < this.allowed) return this.#open();
      const freed = await this.#turn(leftMs);
      if (freed !== undefined) return this.#lend(freed);
    }
  }

  /** Another connection, newly opened, in place of one that failed. */
  replace(failed: RelayConnection): Promise<RelayConnection> {
    this.#busy.delete(failed);
    void failed.close();
    return this.#open();
  }

  /** Gives a connection back after its transaction. */
  release(connection: RelayConnection): void {
    this.#busy.delete(connection);
    const worn = this.#limits.sessions > 0 && connection.transactions >= this.#limits.sessions;
    if (worn || !connection.usable) {
      void connection.close();
      this.#waiters.shift()?.(undefined);
      return;
    }
    connection.lastUsed = this.#now();
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#idle.push(connection);
    else waiter(connection);
  }

  /**
   * The relay wants fewer connections than there are: no more are opened for a while than those that live. Gives how many
   * live, not counting one that is about to be given back.
   */
  async shrink(besides?: RelayConnection): Promise<number> {
    // Those that are being opened at this moment may come to life: five that begin together must not count each other as dead.
    await Promise.allSettled(this.#opening);
    const living = [...this.#idle, ...this.#busy].filter((one) => one !== besides && one.usable).length;
    if (living > 0) this.#shrunk = { to: living, at: this.#now() };
    return living;
  }

  /** Closes all connections, and those that are being opened once they are; transactions that are under way end with a fault. */
  async close(): Promise<void> {
    for (const opening of this.#opening) {
      opening.then(
        (opened) => opened.close(),
        () => undefined,
      );
    }
    const all = [...this.#idle, ...this.#busy];
    this.#idle = [];
    for (const waiter of this.#waiters.splice(0)) waiter(undefined);
    await Promise.all(all.map((connection) => connection.close()));
  }

  #now(): number {
    return this.#clock.now().getTime();
  }

  #lend(connection: RelayConnection): RelayConnection {
    this.#busy.add(connection);
    return connection;
  }

  /** The idle connection that was used last, when it can still be trusted; if it cannot, none of the others can. */
  #freshest(): RelayConnection | undefined {
    const since = this.#now() - idleLimitMs;
    const isGood = (connection: RelayConnection): boolean => connection.usable && connection.lastUsed > since;
    for (const old of this.#idle) if (!isGood(old)) void old.close();
    this.#idle = this.#idle.filter(isGood);
    return this.#idle.pop();
  }

  async #open(): Promise<RelayConnection> {
    const opening = this.#relay().then((relay) => RelayConnection.open(relay, () => this.#now()));
    this.#opening.add(opening);
    try {
      const connection = await opening;
      this.#opening.delete(opening);
      return this.#lend(connection);
    } catch (error) {
      this.#opening.delete(opening);
      this.#waiters.shift()?.(undefined);
      throw error;
    }
  }

  /** Waits until a connection is free, or until another may be opened, or until time has run out. */
  #turn(leftMs: number): Promise<RelayConnection | undefined> {
    return new Promise((resolve) => {
      const waiter: Waiter = (connection) => {
        clearTimeout(timer);
        resolve(connection);
      };
      const timer = setTimeout(
        () => {
          this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
          resolve(undefined);
        },
        Math.min(leftMs, longestTimerMs),
      );
      this.#waiters.push(waiter);
    });
  }
}

/** True for a failure to open a connection that may be due to how many there are: no answer, or a 4xx. */
export const isPassing = (error: unknown): boolean =>
  error instanceof SmtpFault &&
  (error.reply === undefined ? error.kind === 'closed' || error.kind === 'time-out' : error.reply.code < 500);
