import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock/clock.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailMessage } from '../../lib/queue/messages.ts';
import { joinFlood, joinMail } from '../harness/join-flood.ts';
import { startRelay, type TestRelay } from '../harness/relay.ts';
import { type Stack, startStack } from '../harness/stack.ts';

// What an attack does that has one address join, through the queue and the processes of the local stack; `npm run bench -- joins` tells how long it takes.

const victim = 'victim@example.net';
const honest = 'honest@example.org';
const count = 1000;

let relay: TestRelay;
let stack: Stack;
beforeAll(async () => {
  relay = await startRelay();
  stack = await startStack({ lmtp: false, relay: { host: '127.0.0.1', port: relay.port } });
}, 300_000);
afterAll(async () => {
  await stack.stop();
  await relay.close();
});

const newList = (name: string) =>
  createList(`${name}@example.com`, { store: stack.store, site: stack.site, clock: systemClock });

/** When it was decided on a mail. */
const decidedAt = async ({ id }: MailMessage): Promise<string> => {
  const record = await stack.store.mails.get(id);
  if (record === undefined) throw new Error(`Nothing was decided on ${id}`);
  return record.decided_at;
};

it('1,000 join mails from 1,000 forged senders make one mail for each list, and others are served meanwhile', async () => {
  const [attacked, besides, other] = [
    await newList('attacked'),
    await newList('besides'),
    await newList('other'),
  ];
  const mails = [
    ...(await joinFlood(stack, attacked, { victim, count: count / 2 })),
    ...(await joinFlood(stack, besides, { victim, count: count / 2 })),
  ];
  await stack.queues.send(mails);
  // Whoever writes to another list comes last.
  const last = await joinMail(stack, other, honest);
  await stack.queues.send([last]);
  await stack.idle(300_000);
  const copies = relay.copies();
  expect(Object.fromEntries(copies)).toEqual({ [victim]: 2, [honest]: 1 });
  expect(relay.received.map(({ sender }) => sender.replace(/-bounces.*$/, '')).sort()).toEqual([
    'attacked',
    'besides',
    'other',
  ]);
  // Each list has its turn, so that most of the attack waited behind the last mail.
  const at = await decidedAt(last);
  let before = 0;
  for (const mail of mails) if ((await decidedAt(mail)) < at) before += 1;
  console.log(`      ${before} of ${count} were decided on before the mail that came last`);
  expect(before).toBeLessThan(count / 2);
  expect(stack.problems).toEqual([]);
}, 600_000);
