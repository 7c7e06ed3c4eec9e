import type { Ledger, LedgerVerdicts } from './ledger.ts';
import { expiredCode, ledgerCode, left } from './ledger-codes.ts';
import {
  addIndex,
  clearCode,
  copyOfCodes,
  countCodes,
  countStates,
  hasIndex,
  indicesIn,
  indicesOf,
  setCode,
  setState,
  stateAt,
} from './ledger-states.ts';
import type { Verdict } from './verdict.ts';

/** How an attempt begins. */
export interface AttemptBegin {
  /** How many recipients a transaction has at most. */
  readonly recipients: number;
  /** How many deliveries a holder that died may have left behind on the wire; 0 when none has. */
  readonly inDoubt: number;
}

/** What a write to the ledger says of the attempt, beside the verdicts. */
export type AttemptStand = Pick<LedgerVerdicts, 'attempt' | 'done' | 'lease_end' | 'again_at'>;

/** One recipient whose delivery has ended without success. */
export interface Ended {
  readonly index: number;
  readonly code: string;
}

/**
 * How far one attempt to deliver a chunk has come. It is changed in place, since a chunk of 200 recipients one by one would otherwise
 * copy it 200 times; the ledger gets a copy with each write. What it holds beyond the ledger is who is left to be tried in this attempt, and
 * how many the relay takes at a time.
 */
export class ChunkProgress {
  readonly #size: number;
  readonly #states: Uint8Array;
  /** Outcome and reply codes (`ledger-codes.ts`) -> the indices they apply to. */
  readonly #codes: Map<string, Uint8Array>;
  readonly #reported: Uint8Array;
  #possiblyDoubled: number;
  /** The indices not yet tried in this attempt, in order; those who were put off before come last. */
  #pending: readonly number[];
  #batchSize: number;
  /** The ids that the other side gave to copies and that are not kept yet. */
  #sentAs: string[] = [];

  /** The beginning of an attempt: everybody who is not served is to be tried. */
  constructor(ledger: Ledger, { recipients, inDoubt }: AttemptBegin) {
    this.#size = ledger.size;
    this.#states = Uint8Array.from(ledger.states);
    this.#codes = copyOfCodes(ledger.codes);
    this.#reported = Uint8Array.from(ledger.reported);
    this.#pending = [
      ...indicesIn(ledger.states, ledger.size, ['open']),
      ...indicesIn(ledger.states, ledger.size, ['deferred']),
    ];
    this.#possiblyDoubled = ledger.possibly_doubled + Math.min(inDoubt, this.#pending.length);
    this.#batchSize = recipients;
  }

  /** Who is left to be tried in this attempt. */
  get pending(): readonly number[] {
    return this.#pending;
  }

  /** Takes the recipients of the next transaction; none when everybody has been tried or is under way. */
  take(): readonly number[] {
    const batch = this.#pending.slice(0, this.#batchSize);
    this.#pending = this.#pending.slice(batch.length);
    return batch;
  }

  /** Gives recipients back who have not been tried: they come first. */
  putBack(batch: readonly number[]): void {
    this.#pending = [...batch, ...this.#pending];
  }

  /** Learns that a transaction takes no more recipients than that. */
  learnSize(recipients: number): void {
    this.#batchSize = Math.max(1, Math.min(this.#batchSize, recipients));
  }

  /** Notes what the other side said of a recipient. */
  note(index: number, verdict: Verdict): void {
    switch (verdict.kind) {
      case 'delivered':
        setState(this.#states, index, 'delivered');
        clearCode(this.#codes, index);
        return;
      case 'rejected':
        this.end(index, ledgerCode('rejected', verdict.reply));
        return;
      case 'deferred':
        this.#defer(index, ledgerCode('deferred', verdict.reply, verdict.at));
        return;
      case 'unknown':
        this.#possiblyDoubled += 1;
        this.#defer(index, ledgerCode('deferred', verdict.reply, 'dot'));
    }
  }

  /** Notes the id that the other side gave to a copy. */
  sentAs(id: string): void {
    this.#sentAs.push(id);
  }

  /** The ids noted since this was asked last. */
  takeSentAs(): readonly string[] {
    const ids = this.#sentAs;
    this.#sentAs = [];
    return ids;
  }

  /** Ends the delivery to a recipient. */
  end(index: number, code: string): void {
    setState(this.#states, index, 'ended');
    setCode(this.#codes, this.#size, index, code);
  }

  /** Nobody else is tried in this attempt; what was said of somebody in an earlier one still stands. */
  deferRest(code: string): void {
    for (const index of this.#pending) {
      if (stateAt(this.#states, index) !== 'deferred') this.#defer(index, code);
    }
    this.#pending = [];
  }

  /** Nobody else is tried at all. */
  endRest(code: string): void {
    for (const index of this.#pending) this.end(index, code);
    this.#pending = [];
  }

  /** Skips those of the pending who have left the list. */
  skip(indices: readonly number[]): void {
    for (const index of indices) this.end(index, left);
    this.#pending = this.#pending.filter((index) => !indices.includes(index));
  }

  /** Who is still deferred is given up; says whether there was somebody. */
  giveUp(): boolean {
    const { deferred } = this.counts;
    for (const [code, bitmap] of [...this.#codes]) {
      for (const index of indicesOf(bitmap, this.#size)) {
        if (stateAt(this.#states, index) === 'deferred') this.end(index, expiredCode(code));
      }
    }
    return deferred > 0;
  }

  /** How many recipients are in each state. */
  get counts() {
    return countStates(this.#states, this.#size);
  }

  /** How many recipients got each reply, but for those who were served in the end. */
  get replies(): Readonly<Record<string, number>> {
    return countCodes(Object.fromEntries(this.#codes));
  }

  get possiblyDoubled(): number {
    return this.#possiblyDoubled;
  }

  /** Those whose delivery has ended without success, and of whom nobody has been told. */
  get news(): readonly Ended[] {
    return [...this.#codes].flatMap(([code, bitmap]) =>
      indicesOf(bitmap, this.#size)
        .filter((index) => stateAt(this.#states, index) === 'ended' && !hasIndex(this.#reported, index))
        .map((index) => ({ index, code })),
    );
  }

  /** Notes that whoever must know of an end has been told. */
  markReported(news: readonly Ended[]): void {
    for (const { index } of news) addIndex(this.#reported, index);
  }

  /** What the ledger is to hold now. */
  verdicts(rest: AttemptStand): LedgerVerdicts {
    return {
      states: Uint8Array.from(this.#states),
      codes: Object.fromEntries(copyOfCodes(Object.fromEntries(this.#codes))),
      reported: Uint8Array.from(this.#reported),
      possibly_doubled: this.#possiblyDoubled,
      ...rest,
    };
  }

  #defer(index: number, code: string): void {
    setState(this.#states, index, 'deferred');
    setCode(this.#codes, this.#size, index, code);
  }
}
