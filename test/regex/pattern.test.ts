import { describe, expect, it } from 'vitest';
import { PatternError, pattern, patternOrNone } from '../../lib/regex/pattern.ts';

describe('a regular expression', () => {
  it.each([
    ['^anne', 'any', 'ANNE@example.org', true],
    ['^anne', 'same', 'ANNE@example.org', false],
    ['\\d+ KB', 'any', 'has 50 kb', true],
    ['^a|b', 'any', 'xb', true],
    ['(?i)x', 'same', 'X', true],
    ['é', 'any', 'É', true],
  ] as const)('%s (%s letter case) in %j: %s', (source, mode, text, found) => {
    expect(pattern(source, mode).foundIn(text)).toBe(found);
  });

  it('is matched at the start with all its alternatives', () => {
    expect(pattern('^a|b', 'any').beginsIn('xb')).toBe(false);
    expect(pattern('^a|b', 'any').beginsIn('bx')).toBe(true);
  });

  it.each([
    ['(?=a)', /looks around or back/],
    ['(?!a)', /looks around or back/],
    ['(?<=a)b', /looks around or back/],
    ['(a)\\1', /looks around or back/],
    ['(', /is not a regular expression: missing closing \)$/],
    ['\\d{1000}\\d{1000}', /takes 2002 instructions; 1000 is the most/],
    ['a'.repeat(2001), /at most 2000 characters/],
  ])('%s is refused in a sentence', (source, says) => {
    expect(() => pattern(source, 'any')).toThrow(PatternError);
    expect(() => pattern(source, 'any')).toThrow(says);
    expect(patternOrNone(source, 'any')).toBeUndefined();
  });

  // With an engine that goes back each of these takes longer than the world has existed; then this test ends by its time limit.
  it.each(['^(a+)+$', '(a|a)*b', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*)*(.*)*(.*)*z'])(
    'that is hostile ends all the same: %s',
    (source) => {
      const text = `${'a'.repeat(20_000)}!${'x'.repeat(20_000)}`;
      expect(pattern(source, 'same').foundIn(text)).toBe(false);
    },
  );
});
