import { describe, expect, it } from 'vitest';
import { deferredPost, ownerMail } from '../crash/scenarios.ts';
import { kept, promise, sweep } from '../crash/sweep.ts';

describe.each([ownerMail, deferredPost])('dying at every call of a scenario: $name', (scenario) => {
  it('loses nobody, leaves nothing in the shunt, and doubles only an open transaction', async () => {
    expect(kept(await sweep(scenario))).toEqual(promise);
  }, 600_000);
});
