import { describe, expect, it } from 'vitest';
import { kept, promise, sweep } from '../crash/sweep.ts';
import {
  givenUpPost,
  individualPost,
  parkedPost,
  refusedPost,
  resentPost,
} from '../crash/trouble-scenarios.ts';

const scenarios = [individualPost, parkedPost, givenUpPost, refusedPost, resentPost];

describe.each(scenarios)('dying at every call of a scenario of delivery: $name', (scenario) => {
  it('loses nobody, leaves nothing in the shunt, and doubles only an open transaction', async () => {
    expect(kept(await sweep(scenario))).toEqual(promise);
  }, 1_800_000);
});
