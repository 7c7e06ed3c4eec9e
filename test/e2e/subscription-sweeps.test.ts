import { describe, expect, it } from 'vitest';
import {
  changedAddress,
  confirmedJoin,
  confirmedLeave,
  moderatedJoin,
  pressedLinks,
} from '../crash/subscription-scenarios.ts';
import { kept, promise, sweep } from '../crash/sweep.ts';

describe.each([confirmedJoin, confirmedLeave, moderatedJoin, pressedLinks])(
  'dying at every call of somebody who joins or leaves: $name',
  (scenario) => {
    it('subscribes nobody twice, or not at all who was told so, and doubles only an open transaction', async () => {
      expect(kept(await sweep(scenario))).toEqual(promise);
    }, 1_800_000);
  },
);

describe('dying at every call of a change of address', () => {
  it('carries everything along, once, and tells nobody', async () => {
    // No mail leaves, so that nothing can be doubled.
    expect(kept(await sweep(changedAddress))).toEqual({ ...promise, someDoubled: false });
  }, 1_800_000);
});
