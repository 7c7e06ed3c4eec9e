import { describe, expect, it } from 'vitest';
import { acceptedPost, answeredRequest, expiredPost, rejectedPost } from '../crash/moderation-scenarios.ts';
import { deferredPost, ownerMail } from '../crash/scenarios.ts';
import { kept, promise, sweep } from '../crash/sweep.ts';

const scenarios = [ownerMail, deferredPost, acceptedPost, rejectedPost, expiredPost, answeredRequest];

describe.each(scenarios)('dying at every call of a scenario: $name', (scenario) => {
  it('loses nobody, leaves nothing in the shunt, and doubles only an open transaction', async () => {
    expect(kept(await sweep(scenario))).toEqual(promise);
  }, 1_800_000);
});
