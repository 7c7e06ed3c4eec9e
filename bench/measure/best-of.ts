/** How often each thing is measured. */
export const runs = 3;

/** The run in which the least, or the most, was measured. */
export const best = <T>(all: readonly T[], of: (run: T) => number, which: 'least' | 'most'): T => {
  const sign = which === 'least' ? 1 : -1;
  const [first] = [...all].sort((a, b) => sign * (of(a) - of(b)));
  if (first === undefined) throw new Error('Nothing was measured');
  return first;
};
