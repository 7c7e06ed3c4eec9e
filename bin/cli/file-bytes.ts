import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CommandError } from './errors.ts';

/**
 * The bytes of a file, or of standard input for `-` and for none.
 * @throws CommandError when it cannot be read.
 */
export const fileBytes = async (file = '-'): Promise<Buffer> => {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new CommandError(`The file ${file} cannot be read: ${error.message}`);
  }
};
