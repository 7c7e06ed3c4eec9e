import { UsageError } from '../cli/errors.ts';
import type { Option, OptionValues } from '../cli/verb.ts';

/** The options of every verb that changes many members. */
export const massOptions = {
  'dry-run': { doc: 'Change nothing; print what would be added (+), changed (~) and removed (-).' },
  show: {
    takes: 'N',
    doc: 'With --dry-run: how many of each are printed (20 unless given); --json has all.',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** The option by which who is there already is changed as well. */
export const updateOption: Option = {
  doc: 'Give who is there already what the file says (they stay as they are unless given).',
};

/** The option by which new members are written to. */
export const welcomeOption: Option = {
  doc: 'Greet new members by mail. The function command then adds them, and notes their addresses as verified.',
};

/** The option by which those who are removed are written to. */
export const goodbyeOption: Option = {
  doc: 'Write to those who are removed, if the list has send_goodbye_message. The function command then removes them.',
};

/** How many of each a dry run prints. */
export const shownFrom = (options: OptionValues): number => {
  const given = options.text('show') ?? '20';
  if (!/^\d{1,9}$/.test(given)) throw new UsageError(`"${given}" is not a number`);
  return Number(given);
};
