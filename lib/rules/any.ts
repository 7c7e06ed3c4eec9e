import { miss, type Rule } from './rule.ts';

/** Hits when a rule before it has hit. */
export const any: Rule = {
  name: 'any',
  record: false,
  check: ({ hits }) => (hits.length > 0 ? { hit: true } : miss),
};
