/** What a check found, in one line, and what to do about it when something is to be done. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found, as a clause that follows the name of the check. */
  readonly says: string;
  readonly hint?: string;
}

/** One thing that the doctor looks at. Its `run` never throws. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<Finding>;
}

/** Nothing to be done. */
export const well = (says: string): Finding => ({ state: 'ok', says });

/** Mail goes on, but somebody should look at it. */
export const doubtful = (says: string, hint?: string): Finding => ({
  state: 'warn',
  says,
  ...(hint === undefined ? {} : { hint }),
});

/** Mail does not go on. */
export const ill = (says: string, hint?: string): Finding => ({
  state: 'fail',
  says,
  ...(hint === undefined ? {} : { hint }),
});

/** The first line of an error, whoever threw it; an error of many parts tells its first. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const words = error instanceof Error ? error.message || error.name : String(error);
  return words.split('\n')[0] ?? '';
};

/** A check that reads its answer from something that may throw. */
export const check = (name: string, look: () => Promise<Finding>): Check => ({
  name,
  run: async () => {
    try {
      return await look();
    } catch (error) {
      return ill(reasonOf(error));
    }
  },
});
