import { describe, expect, it } from 'vitest';
import { sesBounced, sesOwner, sesPost } from '../crash/ses-scenarios.ts';
import { kept, promise, sweep } from '../crash/sweep.ts';

const scenarios = [sesPost, sesOwner, sesBounced];

describe.each(scenarios)('dying at every call of a scenario on Amazon SES: $name', (scenario) => {
  it('loses nobody, leaves nothing in the shunt, and doubles only an open transaction', async () => {
    expect(kept(await sweep(scenario))).toEqual(promise);
  }, 1_800_000);
});
