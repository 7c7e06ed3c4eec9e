import { afterAll, beforeAll, expect, it } from 'vitest';
import { giveMembers } from '../../bench/stack/many-members.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { createList } from '../../lib/lists/create.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { startRelay, type TestRelay } from '../harness/relay.ts';
import { type Stack, startStack } from '../harness/stack.ts';

/** How many recipients a chunk has: the default of `delivery.chunk_size`. */
const chunkSize = 200;
const great = { name: 'great', members: 20_000 };
const small = { name: 'small', members: 10 };
/** The first of the members that `bench/stack/many-members.ts` makes. */
const author = 'm0@example0.org';

let relay: TestRelay;
let stack: Stack;
beforeAll(async () => {
  relay = await startRelay();
  stack = await startStack({ relay: { host: '127.0.0.1', port: relay.port } });
  const { store, site } = stack;
  for (const { name, members } of [great, small]) {
    const list = await createList(`${name}@example.com`, { store, site, clock: systemClock });
    await giveMembers(stack, list, members);
  }
}, 300_000);
afterAll(async () => {
  await stack.stop();
  await relay.close();
});

const post = (name: string): Promise<void> => {
  const to = `${name}@example.com`;
  const mail = [
    `From: ${author}`,
    `To: ${to}`,
    'Subject: hear',
    `Message-ID: <${name}@fair>`,
    '',
    'Hello',
    '',
  ];
  return deliverLikeAnMta(() => stack.lmtpPort, author, [to], mail.join('\r\n'));
};

const isOf = (name: string, sender: string): boolean => sender.startsWith(`${name}-bounces`);

/** How many chunks of the great post had left, as far as one can see from the recipients served. */
const chunksOf = (received: TestRelay['received']): number =>
  received.reduce(
    (sum, { sender, recipients }) => sum + (isOf(great.name, sender) ? recipients.length : 0),
    0,
  ) / chunkSize;

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};

it('delivers a post to a small list within two chunks of a great one, which is under way', async () => {
  await post(great.name);
  await until(() => relay.received.length > 4);
  await post(small.name);
  // From here on the post lies on `out` sooner or later; what counts is how long it lies there, and that is told by its ledger's message.
  const made = async (): Promise<boolean> => {
    for await (const record of stack.store.mails.byMessageId('<small@fair>'))
      return record.roster !== undefined;
    return false;
  };
  while (!(await made())) await new Promise((resolve) => setTimeout(resolve, 1));
  const before = chunksOf(relay.received);
  await until(() => relay.received.some(({ sender }) => isOf(small.name, sender)));
  const at = relay.received.findIndex(({ sender }) => isOf(small.name, sender));
  const between = chunksOf(relay.received.slice(0, at)) - before;
  const inAll = great.members / chunkSize;
  // Two functions deliver at once, so that in two chunk times four chunks end.
  expect(between).toBeLessThanOrEqual(4);
  // It would show nothing if the great post had been over.
  expect(before).toBeLessThan(inAll - 8);
  await stack.idle(120_000);
  expect(relay.copies().size).toBe(great.members);
  expect(chunksOf(relay.received)).toBe(inAll);
}, 300_000);
