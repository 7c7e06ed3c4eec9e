import { fileLines } from '../../lib/imports/file-text.ts';
import { UsageError } from '../cli/errors.ts';
import { fileBytes } from '../cli/file-bytes.ts';

/** Where lines come from, and what one of them is called when it is wrong. */
export interface Lines {
  readonly lines: AsyncIterable<string> | Iterable<string>;
  readonly called: 'argument' | 'line';
}

/** The file is read when its first line is wanted, and as a whole: a hundred thousand lines are three megabytes. */
const linesIn = async function* (file: string): AsyncIterable<string> {
  yield* fileLines(await fileBytes(file));
};

/** The lines that a verb reads: its arguments, a file, or, without either, standard input. */
export const linesFrom = (args: readonly string[], file: string | undefined): Lines => {
  if (args.length > 0 && file !== undefined) {
    throw new UsageError('Addresses are given as arguments or with --file, not both');
  }
  if (args.length > 0) return { lines: args, called: 'argument' };
  return { lines: linesIn(file ?? '-'), called: 'line' };
};
