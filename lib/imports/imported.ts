import type { Wish } from '../members/wanted-member.ts';

/** What was read of somebody else's list of members. */
export interface Imported {
  readonly wishes: readonly Wish[];
  /** What stood there and is not taken over, each in a sentence: nobody is to find that out later. */
  readonly notKept: readonly string[];
}

/** A file that is not what it was said to be; the message is a sentence for the person. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
