import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveMembers } from '../../bench/stack/many-members.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import { findMails, reportPost } from '../../lib/posts/post-report.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { startRelay, type TestRelay } from '../harness/relay.ts';
import { type Stack, startStack } from '../harness/stack.ts';

/** The seed of the moments at which processes are killed; printed, so that a run that failed can be had again. */
const seed = Number(process.env.BELFRY_SEED ?? randomInt(2 ** 31));

/** A small generator of numbers below 1, from a seed (Mulberry32). */
const numbersFrom = (start: number): (() => number) => {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const members = 10_000;
const kills = 25;
/** The first of the members that `bench/stack/many-members.ts` makes. */
const author = 'm0@example0.org';

/** What one death may double at most: the recipients of the transactions that are open in one process (design, rule 8). */
const ways = [
  { personalize: 'none', name: 'bulk', open: 100 },
  { personalize: 'individual', name: 'individual', open: 5 },
] as const;

/** A stack with a list of 10,000, and the relay that takes its post. */
interface Place {
  readonly relay: TestRelay;
  readonly stack: Stack;
  /** Hands the post in; it is under way when this returns. */
  readonly post: () => Promise<void>;
  /** How many recipients have been served. */
  readonly delivered: () => number;
  /** Kills one of the functions that deliver, as the number below 1 says; false when all of them are dead already. */
  readonly kill: (which: number) => boolean;
  readonly stop: () => Promise<void>;
}

const open10000 = async (
  name: string,
  personalize: 'none' | 'individual',
  config: SiteOverrides,
): Promise<Place> => {
  const to = `${name}@example.com`;
  const relay = await startRelay();
  const stack = await startStack({ config, relay: { host: '127.0.0.1', port: relay.port } });
  const { store, site } = stack;
  const list = await createList(to, { store, site, clock: systemClock });
  await store.lists.set(list.list_id, { personalize });
  await giveMembers(stack, list, members);
  let looked = 0;
  let served = 0;
  return {
    relay,
    stack,
    post: () => {
      const mail = [
        `From: ${author}`,
        `To: ${to}`,
        'Subject: kill',
        `Message-ID: <${name}@kill>`,
        '',
        'Hello',
        '',
      ];
      return deliverLikeAnMta(() => stack.lmtpPort, author, [to], mail.join('\r\n'));
    },
    delivered: () => {
      for (; looked < relay.received.length; looked += 1)
        served += relay.received[looked]?.recipients.length ?? 0;
      return served;
    },
    kill: (which) => {
      const pids = Object.entries(stack.pids()).find(([one]) => one.includes('outgoing'))?.[1] ?? [];
      const pid = pids[Math.floor(which * pids.length)];
      if (pid === undefined) return false;
      process.kill(pid, 'SIGKILL');
      return true;
    },
    stop: async () => {
      await stack.stop();
      await relay.close();
    },
  };
};

const shortTimes: SiteOverrides = {
  functions: {
    timeout: 3,
    visibility: 3,
    // A slow machine must not end functions by their time limit as well: those deaths are not counted.
    outgoing_timeout: 5,
    outgoing_visibility: 5,
    max_receives: 40,
  },
  // The time of outgoing is never less than both time-outs of the relay, so they are short as well.
  delivery: { retry_delay: 1, lease_margin: 0, reply_timeout: 1, dot_timeout: 1, connections: 5 },
};

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** With the times that a site has by default, a dead function's chunk comes back after 210 s: what else is tested here goes on meanwhile. */
let byDefault: Place;
let killedAt = 0;
beforeAll(async () => {
  byDefault = await open10000('patient', 'none', {});
  await byDefault.post();
  while (byDefault.delivered() < members / 4) await later(1);
  expect(byDefault.kill(0)).toBe(true);
  killedAt = performance.now();
}, 180_000);
afterAll(() => byDefault.stop());

describe.each(ways)('a post to 10,000 in $name delivery', ({ name, personalize, open }) => {
  let place: Place;
  beforeAll(async () => {
    place = await open10000(name, personalize, shortTimes);
  }, 180_000);
  afterAll(() => place.stop());

  /** The next moment to kill: when so many more have been served, so that the deaths are spread over the post however fast it is. */
  const killAll = async (random: () => number): Promise<void> => {
    const step = Math.floor(members / kills);
    for (let kill = 0; kill < kills; kill += 1) {
      const goal = kill * step + random() * step * 0.8;
      // A message that is held by a dead process is hidden for its visibility time; others go on meanwhile.
      while (place.delivered() < goal) await later(1);
      // When all of them died at this moment, they are being started again.
      while (!place.kill(random())) await later(20);
      await later(random() * 50);
    }
  };

  it(`misses nobody in ${kills} random deaths, and each doubles its open transactions at most`, async () => {
    console.log(`BELFRY_SEED=${seed}`);
    const { stack, relay } = place;
    await place.post();
    const began = performance.now();
    await killAll(numbersFrom(seed));
    // Nobody does anything here: it goes on by itself.
    await stack.idle(180_000);
    const copies = [...relay.copies().values()];
    const surplus = copies.reduce((sum, count) => sum + count - 1, 0);
    const [record] = await findMails(stack.store, `<${name}@kill>`);
    const report =
      record && (await reportPost(record, { ...stack, clock: systemClock, blobs: async () => stack.blobs }));
    const counted = report?.delivery?.possibly_doubled ?? 0;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${surplus} copies too many, ${counted} counted as possible, ${kills} deaths, ${seconds} s`);
    expect(copies).toHaveLength(members);
    expect(report?.delivery).toMatchObject({
      delivered: members,
      waits: 0,
      not_tried: 0,
      waiting: undefined,
    });
    expect(surplus).toBeLessThanOrEqual(kills * open);
    expect(surplus).toBeLessThanOrEqual(counted);
    const shunted: string[] = [];
    for await (const item of stack.store.shunt.ls()) shunted.push(item.reason);
    expect(shunted).toEqual([]);
  }, 400_000);
});

it('goes on by itself within 4 minutes of a death with the times of a site by default', async () => {
  const { relay, stack } = byDefault;
  while (relay.copies().size < members && performance.now() < killedAt + 240_000) await later(200);
  const seconds = ((performance.now() - killedAt) / 1000).toFixed(0);
  expect(relay.copies().size).toBe(members);
  // A function that died between its transaction's end and the writing of its verdicts leaves nobody waiting for a mail, but
  // a message that comes back after 210 s like any other. Only when that is done can no further copy come.
  await stack.idle(Math.max(60_000, killedAt + 300_000 - performance.now()));
  const copies = [...relay.copies().values()];
  const surplus = copies.reduce((sum, count) => sum + count - 1, 0);
  console.log(`${surplus} copies too many, all served ${seconds} s after the death`);
  // One transaction was open.
  expect(surplus).toBeLessThanOrEqual(100);
}, 400_000);
