import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { makeList } from '../crash/scenarios.ts';
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

const members = Array.from({ length: 4000 }, (_, index) => `m${index}@example.org`);
const maxRecipients = 20;
let relay: TestRelay;
let stack: Stack;

beforeAll(async () => {
  relay = await startRelay();
  stack = await startStack({
    config: {
      functions: { timeout: 3, visibility: 3, outgoing_timeout: 3, outgoing_visibility: 3, max_receives: 20 },
      // The time of outgoing is never less than both time-outs of the relay, so they are short as well.
      delivery: { retry_delay: 1, lease_margin: 0, reply_timeout: 1, dot_timeout: 1 },
      mta: { max_recipients: maxRecipients },
    },
    relay: { host: '127.0.0.1', port: relay.port },
  });
  await makeList(stack, 'ant', 'member', members);
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await relay.close();
});

it('misses nobody when processes are killed at random, and doubles one transaction a kill at most', async () => {
  console.log(`BELFRY_SEED=${seed}`);
  const random = numbersFrom(seed);
  const to = 'ant@example.com';
  const victims = ['incoming', 'pipeline', 'outgoing', 'outgoing', 'outgoing'] as const;
  let kills = 0;
  let running = true;
  const killer = (async () => {
    while (running) {
      await new Promise((resolve) => setTimeout(resolve, 50 + random() * 200));
      const name = victims[Math.floor(random() * victims.length)] ?? 'outgoing';
      const pids = Object.entries(stack.pids()).find(([one]) => one.includes(name))?.[1] ?? [];
      const pid = pids[Math.floor(random() * pids.length)];
      if (pid === undefined || kills >= 12) continue;
      process.kill(pid, 'SIGKILL');
      if (name === 'outgoing') kills += 1;
    }
  })();
  const posts = 2;
  for (let post = 0; post < posts; post += 1) {
    const content = `From: m0@example.org\r\nTo: ${to}\r\nSubject: ${post}\r\nMessage-ID: <${post}@x>\r\n\r\nHello\r\n`;
    await deliverLikeAnMta(() => stack.lmtpPort, 'm0@example.org', [to], content);
  }
  await relay.deliveries(posts * members.length, 240_000).catch(() => undefined);
  running = false;
  await killer;
  await stack.idle(60_000);
  const copies = relay.copies();
  const missed = members.filter((member) => (copies.get(member) ?? 0) < posts);
  const surplus = members.reduce((sum, member) => sum + (copies.get(member) ?? 0) - posts, 0);
  console.log(`${kills} kills of outgoing, ${surplus} copies too many of ${posts * members.length}`);
  expect(missed).toEqual([]);
  expect(kills).toBeGreaterThan(0);
  expect(surplus).toBeLessThanOrEqual(kills * maxRecipients);
  const shunted: string[] = [];
  for await (const item of stack.store.shunt.ls()) shunted.push(item.reason);
  expect(shunted).toEqual([]);
}, 400_000);
