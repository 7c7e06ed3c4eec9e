import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock/clock.ts';
import { readSite, type SiteOverrides } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { MetadataNotes } from '../../lib/queue/messages.ts';
import { type InjectQueue, inject } from '../../lib/runners/inject.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { ScriptedTransport } from './scripted-transport.ts';

let emulators: Emulators;
let list: MailingList;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

const people = ['aperson@example.com', 'bperson@example.com', 'cperson@example.com'];
const verp = people.map((email) => `test-bounces+${email.replace('@', '=')}@example.com`);
const plain = ['test-bounces@example.com'];

beforeEach(async () => {
  const { store } = emulators;
  await store.lists.remove('test.example.com');
  list = await createList('test@example.com', { store, site: readSite(), clock: systemClock });
  for (const email of people) {
    await store.members.add({
      member_id: email,
      list_id: list.list_id,
      role: 'member',
      email,
      display_name: '',
      subscribed_at: new Date().toISOString(),
    });
  }
});

/** Puts a post in and delivers it; gives the envelope senders that it left with, each once. */
const senders = async (
  queue: InjectQueue,
  mta: NonNullable<SiteOverrides[string]>,
  metadata: MetadataNotes = {},
): Promise<readonly string[]> => {
  const site = readSite({ mta });
  const ports = { ...emulators, clock: systemClock, site, log: mailLogTo(() => undefined) };
  const bytes = Buffer.from(
    'From: aperson@example.com\r\nTo: test@example.com\r\nSubject: hi\r\n\r\nbody\r\n',
  );
  const current = (await emulators.store.lists.byId(list.list_id)) ?? list;
  await inject(current, { bytes, queue, metadata }, ports);
  for (const message of await emulators.receive('pipeline')) {
    if (message.type === 'post') await runPipeline(message, ports);
  }
  const transport = new ScriptedTransport();
  for (const message of await emulators.receive('out')) {
    if (message.type !== 'chunk') continue;
    const deadline = new Date(Date.now() + 180_000);
    await runOutgoing(message, { ...ports, transport, owner: 'me', deadline });
  }
  expect(Object.keys(transport.copies).toSorted()).toEqual(people);
  return [...new Set(transport.begun.map(({ sender }) => sender))].toSorted();
};

describe.each(['pipeline', 'out'] as const)('a post that was put into %s', (queue) => {
  it('leaves with the plain sender unless something asks for VERP', async () => {
    expect(await senders(queue, {})).toEqual(plain);
  });

  it('leaves with VERP senders when its metadata says so', async () => {
    expect(await senders(queue, {}, { verp: true })).toEqual(verp);
  });

  it('leaves with VERP senders of a list that personalizes, where the site wants that', async () => {
    await emulators.store.lists.set(list.list_id, { personalize: 'individual' });
    expect(await senders(queue, { verp_personalized_deliveries: true })).toEqual(verp);
    expect(await senders(queue, { verp_personalized_deliveries: false })).toEqual(plain);
    // The interval is for lists that do not personalize.
    expect(await senders(queue, { verp_delivery_interval: 1 })).toEqual(plain);
  });

  it('leaves with VERP senders when its own number is a multiple of the interval', async () => {
    const interval = { verp_delivery_interval: 3 };
    const four = [];
    for (let post = 1; post <= 4; post += 1) four.push(await senders(queue, interval));
    expect(four).toEqual([plain, plain, verp, plain]);
    await emulators.store.lists.set(list.list_id, { post_id: 1 });
    expect([await senders(queue, interval), await senders(queue, interval)]).toEqual([plain, plain]);
    expect(await senders(queue, interval)).toEqual(verp);
  });

  it.each([
    [0, plain],
    [1, verp],
  ])('with interval %i, each time the same', async (verp_delivery_interval, expected) => {
    for (let post = 1; post <= 3; post += 1) {
      expect(await senders(queue, { verp_delivery_interval })).toEqual(expected);
    }
  });
});
