import type { Rule } from './rule.ts';

/** Always hits: the last link of a chain, or one that is always followed. */
export const truth: Rule = {
  name: 'truth',
  record: false,
  check: () => ({ hit: true }),
};
