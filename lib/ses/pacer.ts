import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import type { Store } from '../store/store.ts';
import { allowedRate, isStale, type Pace, quotaLeft, slowMs } from './pace.ts';

/** What pacing needs of the world. */
export interface PacerPorts {
  readonly store: Pick<Store, 'pace'>;
  readonly clock: Clock;
  readonly site: Pick<Site, 'ses'>;
  /** Ends after so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** Reads the quota from SES into the store, for when nobody else has. */
  readonly readQuota: () => Promise<Pace>;
}

/** Whether a mail may leave, and when. */
export type Turn =
  | { readonly kind: 'now' }
  /** Its turn would come too late. */
  | { readonly kind: 'later'; readonly afterMs: number }
  /** The quota allows nothing more. */
  | { readonly kind: 'exhausted'; readonly reply: string };

/** Slots are leased for a second of sending at most (design, section 5). */
const leaseMs = 1000;

/**
 * A slot may be used this much late, and is lost after that: timers and leases are seldom later, and who was stopped for longer must not catch up in a
 * burst. In any second at most 1.05 x rate x share + 1 mails leave, which at a share of 0.9 is never more than the rate of the account, not even when some
 * of them take 50 ms longer on their way than others.
 */
export const graceMs = 50;

// A lease takes some milliseconds; the first slot of one who begins lies behind them, or it would be late from the start. Where the table takes longer, it
// lies behind as much as the last lease took: a lease of one slot would else be late each time, and nothing would ever leave.
const leadMs = 30;

/** A quota that changes between reading it and leasing by it is read again this often. */
const mostTries = 10;

/**
 * Spreads the mails of everybody who sends evenly over time. A slot is a moment, and there is one row of them for all functions: each leases the next few
 * by one conditional write, and sends one mail in each. Leases grow while their slots are all used in time, from one for each connection
 * to a second's worth, and shrink when the sender was too slow for them, so that few are lost.
 */
export class Pacer {
  readonly #ports: PacerPorts;
  readonly #connections: number;
  #pace: Pace | undefined;
  /** The moments at which this process may send, in order. */
  #slots: number[] = [];
  #renewal: Promise<Turn | undefined> | undefined;
  /** How many mails wait without a slot, and how many more the sender had at hand when the last one came. */
  #waiting = 0;
  #following = 0;
  #stride: number;
  #missed = false;
  #leadMs = leadMs;

  constructor(ports: PacerPorts, connections: number) {
    this.#ports = ports;
    this.#connections = connections;
    this.#stride = connections;
  }

  /** Waits for the turn of one mail. `following`: how many more the sender has at hand. */
  async turn({ following, before }: { readonly following: number; readonly before: Date }): Promise<Turn> {
    this.#following = following;
    for (;;) {
      if (this.#now() >= before.getTime()) return { kind: 'later', afterMs: 0 };
      const slot = this.#take();
      if (slot === undefined) {
        const ended = await this.#renew();
        if (ended !== undefined) return ended;
        continue;
      }
      if (slot >= before.getTime()) return this.#giveBack(slot);
      await this.#until(slot);
      if (this.#now() <= slot + graceMs) return { kind: 'now' };
      this.#missed = true;
    }
  }

  /** SES has throttled a mail: the share of everybody is halved for a minute, and the slots at hand are void. */
  async slowDown(): Promise<void> {
    const until = this.#now() + slowMs;
    this.#slots = [];
    if (this.#pace !== undefined) this.#pace = { ...this.#pace, slow_until: until };
    await this.#ports.store.pace.slow(new Date(until));
  }

  #now(): number {
    return this.#ports.clock.now().getTime();
  }

  async #until(slot: number): Promise<void> {
    const ms = slot - this.#now();
    if (ms > 0) await this.#ports.wait(ms);
  }

  #take(): number | undefined {
    const late = this.#now() - graceMs;
    for (let slot = this.#slots.shift(); slot !== undefined; slot = this.#slots.shift()) {
      if (slot >= late) return slot;
      this.#missed = true;
    }
    return undefined;
  }

  /** A slot that comes too late for this mail may do for one of the next invocation. */
  #giveBack(slot: number): Turn {
    this.#slots = [...this.#slots, slot].sort((a, b) => a - b);
    return { kind: 'later', afterMs: Math.max(0, slot - this.#now()) };
  }

  /** Many may wait for one lease. */
  async #renew(): Promise<Turn | undefined> {
    this.#waiting += 1;
    this.#renewal ??= this.#lease().finally(() => {
      this.#renewal = undefined;
    });
    try {
      return await this.#renewal;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #lease(): Promise<Turn | undefined> {
    if (this.#missed) this.#stride = Math.max(this.#connections, Math.floor(this.#stride / 2));
    this.#missed = false;
    for (let tries = 0; tries < mostTries; tries += 1) {
      const pace = await this.#known();
      const now = this.#now();
      const rate = allowedRate(pace, this.#ports.site.ses, now);
      const left = quotaLeft(pace);
      if (rate <= 0 || left < 1) {
        if (this.#pace === undefined) return { kind: 'exhausted', reply: exhausted(pace) };
        // What is known from before may be over: the day goes on, and quotas grow.
        this.#pace = undefined;
        continue;
      }
      const most = Math.max(1, Math.floor((rate * leaseMs) / 1000));
      const slots = Math.min(this.#stride, this.#waiting + this.#following, most, left);
      const gap = 1000 / rate;
      const from = now + this.#leadMs;
      const lease = await this.#ports.store.pace.lease({ known: pace, slots, span: slots * gap, from });
      this.#leadMs = Math.max(leadMs, this.#now() - now, this.#leadMs / 2);
      if (lease !== undefined) {
        this.#pace = lease.pace;
        this.#slots.push(...Array.from({ length: slots }, (_, index) => lease.first + index * gap));
        this.#stride = Math.max(this.#connections, Math.min(this.#stride * 2, most));
        return undefined;
      }
      this.#pace = undefined;
    }
    return { kind: 'later', afterMs: leaseMs };
  }

  /** The pace by the table, or by SES itself when nobody has asked it for long; an old answer does when SES gives none. */
  async #known(): Promise<Pace> {
    if (this.#pace !== undefined && !isStale(this.#pace, this.#now())) return this.#pace;
    const pace = await this.#ports.store.pace.get();
    if (pace !== undefined && !isStale(pace, this.#now())) return pace;
    try {
      return await this.#ports.readQuota();
    } catch (error) {
      if (pace === undefined) throw error;
      return pace;
    }
  }
}

const exhausted = ({ max_per_second, max_24h, sent_24h }: Pace): string =>
  max_per_second <= 0
    ? '454 4.7.0 Amazon SES lets this account send nothing'
    : `454 4.7.0 Daily message quota exceeded: ${sent_24h} of ${max_24h} mails were sent in the last 24 hours`;
