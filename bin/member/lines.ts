import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { CommandError, UsageError } from '../cli/errors.ts';

/** Where lines come from, and what one of them is called when it is wrong. */
export interface Lines {
  readonly lines: AsyncIterable<string> | Iterable<string>;
  readonly called: 'argument' | 'line';
}

const fileLines = async function* (file: string): AsyncIterable<string> {
  try {
    const handle = await open(file);
    try {
      yield* handle.readLines();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new CommandError(`The file ${file} cannot be read: ${error.message}`);
  }
};

/**
 * The interface is made when the first line is wanted, and not before: lines that come while nobody listens yet are lost to
 * its iterator.
 */
const standardInputLines = async function* (): AsyncIterable<string> {
  yield* createInterface({ input: process.stdin, crlfDelay: Infinity });
};

/** The lines that a verb reads: its arguments, a file, or, without either, standard input. */
export const linesFrom = (args: readonly string[], file: string | undefined): Lines => {
  if (args.length > 0 && file !== undefined) {
    throw new UsageError('Addresses are given as arguments or with --file, not both');
  }
  if (args.length > 0) return { lines: args, called: 'argument' };
  if (file !== undefined && file !== '-') return { lines: fileLines(file), called: 'line' };
  return { lines: standardInputLines(), called: 'line' };
};
