import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { LineEnds } from '../lib/mail/line-ends.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { SpoolFile } from './spool-file.ts';

/** A mail that has arrived whole, with CRLF line ends. */
export interface ArrivedMail {
  readonly size: number;
  /** SHA-256 of its bytes. */
  readonly digest: Buffer;
  /** Whether it lies on disk. */
  readonly spooled: boolean;
  /** Its first bytes, as many as there are up to a length. */
  readonly head: (length: number) => Promise<Buffer>;
  /** The bytes from a place to the end, in front of them others: held mail as bytes, spooled mail as a stream. */
  readonly behind: (front: Buffer, start: number) => Buffer | Readable;
}

/** How mail is taken in. */
export interface IntakeLimits {
  readonly sizeLimit: number;
  /** Mail above this size goes to disk; this much memory is set aside for each mail that arrives. */
  readonly spoolThreshold: number;
  readonly spoolFolder: string;
}

/** What came of taking in a mail. */
export type Intake =
  | { readonly kind: 'arrived'; readonly mail: ArrivedMail }
  | { readonly kind: 'oversize' }
  | { readonly kind: 'failed'; readonly error: unknown };

// Most mails fit; a longer one doubles it up to the threshold.
const firstBuffer = 8192;

/** A mail while it arrives: its line ends are mended, its bytes digested and counted, and kept in memory or on disk. */
export class IncomingMail {
  readonly #limits: IntakeLimits;
  readonly #budget: MemoryBudget;
  readonly #lineEnds = new LineEnds();
  readonly #hash = createHash('sha256');
  #held: Buffer;
  #size = 0;
  #file: SpoolFile | undefined;
  #failure: { readonly error: unknown } | undefined;
  #released = false;

  private constructor(limits: IntakeLimits, budget: MemoryBudget) {
    this.#limits = limits;
    this.#budget = budget;
    this.#held = Buffer.allocUnsafe(Math.min(firstBuffer, limits.spoolThreshold));
  }

  /** Begins a mail; undefined when there is no memory for one more. */
  static begin(limits: IntakeLimits, budget: MemoryBudget): IncomingMail | undefined {
    return budget.take(limits.spoolThreshold) ? new IncomingMail(limits, budget) : undefined;
  }

  /** Takes content; a promise when it goes to disk. A failure is kept until the end, because the client sends on anyway. */
  write(bytes: Buffer): Promise<void> | undefined {
    return this.#take(this.#lineEnds.feed(bytes));
  }

  /** The content is whole. */
  async end(): Promise<Intake> {
    await this.#take(this.#lineEnds.end());
    if (this.#failure !== undefined) return { kind: 'failed', error: this.#failure.error };
    if (this.#size > this.#limits.sizeLimit) return { kind: 'oversize' };
    return { kind: 'arrived', mail: this.#arrived() };
  }

  /** Gives back memory and disk; to be called when nobody reads the mail any more. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.#budget.give(this.#limits.spoolThreshold);
    this.#held = Buffer.alloc(0);
    await this.#file?.close();
  }

  #take(clean: Buffer): Promise<void> | undefined {
    this.#size += clean.length;
    if (this.#failure !== undefined || this.#released || this.#size > this.#limits.sizeLimit)
      return undefined;
    this.#hash.update(clean);
    if (this.#file !== undefined || this.#size > this.#limits.spoolThreshold) return this.#spool(clean);
    this.#hold(clean);
    return undefined;
  }

  #hold(clean: Buffer): void {
    if (this.#size > this.#held.length) {
      const length = Math.min(Math.max(this.#held.length * 2, this.#size), this.#limits.spoolThreshold);
      const wider = Buffer.allocUnsafe(length);
      this.#held.copy(wider, 0, 0, this.#size - clean.length);
      this.#held = wider;
    }
    clean.copy(this.#held, this.#size - clean.length);
  }

  async #spool(clean: Buffer): Promise<void> {
    try {
      if (this.#file === undefined) {
        const file = await SpoolFile.create(this.#limits.spoolFolder);
        // The client may have gone away meanwhile, and then nobody else would close it.
        if (this.#released) return await file.close();
        this.#file = file;
        await file.append(this.#held.subarray(0, this.#size - clean.length));
        this.#held = Buffer.alloc(0);
      }
      await this.#file.append(clean);
    } catch (error) {
      this.#failure = { error };
    }
  }

  #arrived(): ArrivedMail {
    const digest = this.#hash.digest();
    const size = this.#size;
    const file = this.#file;
    if (file === undefined) {
      const bytes = this.#held.subarray(0, size);
      return {
        size,
        digest,
        spooled: false,
        head: async (length) => bytes.subarray(0, length),
        behind: (front, start) => Buffer.concat([front, bytes.subarray(start)]),
      };
    }
    return {
      size,
      digest,
      spooled: true,
      head: (length) => file.head(Math.min(length, size)),
      behind: (front, start) => Readable.from(chain(front, file.read(start))),
    };
  }
}

async function* chain(front: Buffer, rest: Readable): AsyncGenerator<Buffer> {
  yield front;
  yield* rest;
}
