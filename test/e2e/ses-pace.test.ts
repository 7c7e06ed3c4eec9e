import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSite } from '../../lib/config/site.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { startRelay, type TestRelay } from '../harness/relay.ts';
import { type SesControl, sesControl } from '../harness/ses-stub.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { makeList } from './make-list.ts';

// Here a time is what the user gets: SES throttles who is faster, and who is much slower than 14 a second wastes what the account is allowed.
const members = Array.from({ length: 1000 }, (_, index) => `m${index}@example.org`);
const rate = 14;
const list = 'ant@lists.example.com';

const sentSchema = z.array(z.object({ at: z.string(), destinations: z.array(z.string()) }));

/** A site that sends through SES, with so many functions that deliver at once. */
interface Site {
  readonly stack: Stack;
  readonly relay: TestRelay;
  readonly ses: SesControl;
}

const startSite = async (outgoing_concurrency: number): Promise<Site> => {
  const relay = await startRelay();
  const stack = await startStack({
    config: {
      delivery: { transport: 'ses' },
      ses: { domains: ['lists.example.com'] },
      functions: { outgoing_concurrency },
    },
    relay: { host: '127.0.0.1', port: relay.port },
  });
  await makeList(stack, list, members);
  // As the schedule does each minute.
  await stack.invoke('quota');
  return { stack, relay, ses: sesControl(stack.ses?.control ?? '') };
};

/** What a post to the whole list came to, by the log of the stub. */
interface Outcome {
  readonly seconds: number;
  /** The most mails within a second; see {@link busiestSecond}. */
  readonly most: number;
  readonly refused: unknown;
  readonly notOnce: readonly string[];
  readonly functions: number;
}

// Mails leave this far from each other.
const slotMs = 1000 / (rate * readSite().ses.share);

/** How many slots passed in the pause of this machine that ended within the last 200 ms: their mails came late, and right behind each other. */
const latecomers = (moments: readonly number[], index: number): number => {
  const from = (moments[index] ?? 0) - 200;
  let most = 0;
  for (let at = index; at > 0 && (moments[at] ?? 0) >= from; at -= 1) {
    most = Math.max(most, Math.floor(((moments[at] ?? 0) - (moments[at - 1] ?? 0)) / slotMs) - 1);
  }
  return most;
};

/** The most mails within a second, wherever it begins; those that a pause of the machine kept back are counted where they belong. */
const busiestSecond = (moments: readonly number[]): number =>
  Math.max(
    ...moments.map(
      (from, index) =>
        moments.slice(index, index + 100).filter((moment) => moment < from + 1000).length -
        latecomers(moments, index),
    ),
  );

const post = async ({ stack, relay, ses }: Site): Promise<Outcome> => {
  const content = `From: Anne <m0@example.org>\r\nTo: ${list}\r\nSubject: Pace\r\n\r\nHello\r\n`;
  await deliverLikeAnMta(() => stack.lmtpPort, 'm0@example.org', [list], content);
  await relay.deliveries(members.length, 240_000);
  await stack.idle();
  const moments = sentSchema.parse(await ses.mails()).map(({ at }) => Date.parse(at));
  const copies = relay.copies();
  const [, pids = []] = Object.entries(stack.pids()).find(([name]) => name.includes('outgoing')) ?? [];
  return {
    seconds: (Math.max(...moments) - Math.min(...moments)) / 1000,
    most: busiestSecond(moments.toSorted((a, b) => a - b)),
    refused: await ses.refused(),
    notOnce: members.filter((member) => copies.get(member) !== 1),
    functions: pids.length,
  };
};

describe(`a post to 1,000 members at ${rate} mails a second`, () => {
  const sites: Site[] = [];
  let outcomes: readonly Outcome[] = [];
  beforeAll(async () => {
    sites.push(await startSite(2), await startSite(3));
    // Both at once: they mostly wait.
    outcomes = await Promise.all(sites.map(post));
    console.log(outcomes.map(({ seconds, most }) => `${seconds} s, at most ${most} a second`).join('; '));
  }, 400_000);
  afterAll(() =>
    Promise.all(
      sites.map(async ({ stack, relay }) => {
        await stack.stop();
        await relay.close();
      }),
    ),
  );

  it.each([
    ['two functions', 2],
    ['three functions', 3],
  ])('takes 72 to 90 s, is never throttled, and reaches everyone once: %s at once', (_, functions) => {
    const outcome = outcomes[functions - 2];
    expect(outcome).toMatchObject({ refused: [], notOnce: [], functions });
    expect(outcome?.seconds).toBeGreaterThanOrEqual(72);
    expect(outcome?.seconds).toBeLessThanOrEqual(90);
    expect(outcome?.most).toBeLessThanOrEqual(rate);
  });
});
