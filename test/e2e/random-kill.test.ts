import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveMembers } from '../../bench/stack/many-members.ts';
import { systemClock } from '../../lib/clock/clock.ts';
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

describe.each(ways)('a post to 10,000 in $name delivery', ({ name, personalize, open }) => {
  const to = `${name}@example.com`;
  let relay: TestRelay;
  let stack: Stack;

  beforeAll(async () => {
    relay = await startRelay();
    stack = await startStack({
      config: {
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
      },
      relay: { host: '127.0.0.1', port: relay.port },
    });
    const { store, site } = stack;
    const list = await createList(to, { store, site, clock: systemClock });
    await store.lists.set(list.list_id, { personalize });
    await giveMembers(stack, list, members);
  }, 180_000);
  afterAll(async () => {
    await stack.stop();
    await relay.close();
  });

  let looked = 0;
  let served = 0;
  const delivered = (): number => {
    for (; looked < relay.received.length; looked += 1)
      served += relay.received[looked]?.recipients.length ?? 0;
    return served;
  };

  /** The next moment to kill: when so many more have been served, so that the deaths are spread over the post however fast it is. */
  const killAll = async (random: () => number): Promise<void> => {
    const step = Math.floor(members / kills);
    for (let kill = 0; kill < kills; kill += 1) {
      const goal = kill * step + random() * step * 0.8;
      // A message that is held by a dead process is hidden for its visibility time; others go on meanwhile.
      while (delivered() < goal) await new Promise((resolve) => setTimeout(resolve, 1));
      const pids = Object.entries(stack.pids()).find(([one]) => one.includes('outgoing'))?.[1] ?? [];
      const pid = pids[Math.floor(random() * pids.length)];
      if (pid === undefined) {
        // All of them died at this moment, and are being started again.
        await new Promise((resolve) => setTimeout(resolve, 20));
        kill -= 1;
        continue;
      }
      process.kill(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, random() * 50));
    }
  };

  it(`misses nobody in ${kills} random deaths, and each doubles its open transactions at most`, async () => {
    console.log(`BELFRY_SEED=${seed}`);
    const mail = [
      `From: ${author}`,
      `To: ${to}`,
      'Subject: kill',
      `Message-ID: <${name}@kill>`,
      '',
      'Hello',
      '',
    ];
    await deliverLikeAnMta(() => stack.lmtpPort, author, [to], mail.join('\r\n'));
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
