import { describe, expect, it } from 'vitest';
import {
  complaint,
  disablingBounce,
  probingBounce,
  refusedMember,
  removedMember,
  scoringBounce,
} from '../crash/bounce-scenarios.ts';
import { kept, promise, sweep } from '../crash/sweep.ts';

const scenarios = [disablingBounce, probingBounce, refusedMember, removedMember, complaint];

describe.each(scenarios)('dying at every call of a scenario of bounces: $name', (scenario) => {
  it('scores once, does nothing without its notice, and doubles only an open transaction', async () => {
    expect(kept(await sweep(scenario))).toEqual(promise);
  }, 1_800_000);
});

describe(`dying at every call of a scenario of bounces: ${scoringBounce.name}`, () => {
  it('scores once, and sends nothing that could be doubled', async () => {
    expect(kept(await sweep(scoringBounce))).toEqual({ ...promise, someDoubled: false });
  }, 1_800_000);
});
