import { describe, expect, it } from 'vitest';
import { rules } from '../../lib/rules/rules.ts';
import { ruleCases } from './cases.ts';
import { contextOf } from './context.ts';

describe.each(rules.map(({ name }) => name))('%s', (name) => {
  const rule = rules.find((one) => one.name === name);
  const cases = ruleCases.filter((one) => one.rule === name);

  // What only does what another rule has found is shown with its chain (test/chains).
  it('is in the table with a hit and a miss, unless it always hits or serves a chain', () => {
    const kinds = new Set(cases.map(({ hit }) => hit));
    const serves = name.startsWith('moderation-is-') || name === 'dmarc-is-discard';
    expect(kinds.size).toBe(serves ? 0 : name === 'truth' ? 1 : 2);
  });

  it.each(cases)('$says: $hit', ({ mail, more, hit, adds }) => {
    const result = rule?.check(contextOf(mail, more));
    expect(result?.hit).toBe(hit);
    if (hit && rule?.record === true) expect(result?.reason).toMatch(/^[A-Za-z0-9].*\.$/s);
    for (const [key, value] of Object.entries(adds ?? {})) expect(result?.metadata?.[key]).toEqual(value);
  });
});

it('no row is about a rule that does not exist', () => {
  expect(
    ruleCases.map(({ rule }) => rule).filter((name) => !rules.some((rule) => rule.name === name)),
  ).toEqual([]);
});
