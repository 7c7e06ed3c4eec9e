import { UsageError } from '../cli/errors.ts';
import type { Option, OptionValues } from '../cli/verb.ts';

/** The option that says how many posts. */
export const lastOption: Option = { takes: 'N', doc: 'How many posts (10 unless given).' };

/** How many posts are wanted. */
export const lastFrom = (options: OptionValues): number => {
  const given = options.text('last') ?? '10';
  if (!/^[1-9]\d{0,3}$/.test(given))
    throw new UsageError(`--last takes a number from 1 to 9999, not "${given}"`);
  return Number(given);
};
