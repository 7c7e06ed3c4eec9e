import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  complaint,
  disablingBounce,
  probingBounce,
  refusedMember,
  removedMember,
  scoringBounce,
  strikingHour,
} from '../crash/bounce-scenarios.ts';
import { kept, promise, sweep } from '../crash/sweep.ts';
import { startClock } from './bounce-clock.ts';

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

describe(`dying at every call of a scenario of bounces: ${strikingHour.name}`, () => {
  it('warns and tells once, whenever the function dies that finds what is due', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'belfry-clock-'));
    const clock = startClock(join(folder, 'ahead'));
    onTestFinished(() => {
      clock.stop();
      rmSync(folder, { recursive: true });
    });
    expect(kept(await sweep({ ...strikingHour, env: clock.env }))).toEqual(promise);
  }, 1_800_000);
});
