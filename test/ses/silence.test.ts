import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock/clock.ts';
import { variables } from '../../lib/config/environment.ts';
import { readSite } from '../../lib/config/site.ts';
import { dispatchPost } from '../../lib/delivery/dispatch.ts';
import { countCodes, countStates } from '../../lib/delivery/ledger-states.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { ChunkMessage, QueueMessage } from '../../lib/queue/messages.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { openSesTransport } from '../../lib/ses/open-transport.ts';
import { readQuota } from '../../lib/ses/read-quota.ts';
import type { SesTransport } from '../../lib/ses/ses-transport.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { configurationSet, type SesBench, startSesBench } from '../harness/ses-stub.ts';
import { mailOf, planOf, pointSdkTo } from './fixtures.ts';

// Amazon SES takes a mail and does not answer. An answer is waited for no longer than the function has time, whatever `delivery.reply_timeout` allows.

let bench: SesBench;
let emulators: Emulators;
let transport: SesTransport;
const site = readSite({
  delivery: { transport: 'ses', connections: 2, retry_delay: 0, lease_margin: 0, reply_timeout: 600 },
});
const ports = () => ({ ...emulators, site, clock: systemClock, log: mailLogTo(() => undefined) });

beforeAll(async () => {
  [bench, emulators] = await Promise.all([startSesBench(), startEmulators()]);
  pointSdkTo(bench.endpoint);
});
afterAll(() => Promise.all([bench.close(), emulators.close()]));
beforeEach(async () => {
  const { store } = emulators;
  transport = openSesTransport(
    { store, clock: systemClock, site },
    { [variables.sesConfigurationSet]: configurationSet },
  );
  await bench.control.account({ max_send_rate: 1000, silent: 0 });
  await readQuota({ ses: bench.client, store, clock: systemClock });
});
afterEach(() => transport.close());

const post = mailOf([
  'From: Anne <anne@example.org>',
  'To: ant@lists.example.com',
  'Message-ID: <post@example.org>',
]);
const sender = 'ant-bounces@lists.example.com';

const only = (messages: readonly QueueMessage[]): ChunkMessage => {
  const [first, ...others] = messages;
  if (first?.type !== 'chunk' || others.length > 0) throw new Error('There is not one chunk');
  return first;
};

/** A post to some recipients, which is one chunk. */
const dispatch = async (recipients: readonly string[]): Promise<ChunkMessage> => {
  const id = randomUUID();
  const now = systemClock.now().toISOString();
  await emulators.store.mails.commit({
    id,
    list_id: 'ant.lists.example.com',
    message_id: '<post@example.org>',
    blob: 'transit/mail/x',
    envelope: { sender: 'anne@example.org', recipient: 'ant@lists.example.com' },
    metadata: { original_size: 1, received_time: now },
    disposition: 'accepted',
    rule_hits: [],
    rule_misses: [],
    decided_at: now,
  });
  await dispatchPost(
    {
      record: { id, list_id: 'ant.lists.example.com' },
      post,
      recipients: recipients.map((email) => ({ email })),
      sender,
      plan: planOf(),
    },
    ports(),
  );
  return only(await emulators.receive('out'));
};

const run = (message: ChunkMessage, seconds: number): Promise<void> =>
  runOutgoing(message, {
    ...ports(),
    transport,
    owner: randomUUID(),
    deadline: new Date(Date.now() + seconds * 1000),
  });

const ledgerOf = async ({ id, roster, chunk }: ChunkMessage) => {
  const found = await emulators.store.ledgers.get(id, roster, chunk);
  if (found === undefined) throw new Error('There is no ledger');
  return { ...found, counts: countStates(found.states, found.size), replies: countCodes(found.codes) };
};

it('ends a call when its time is over, and nobody knows whether it was sent', async () => {
  await bench.control.account({ silent: 1 });
  const outcome = await transport.deliver({
    sender,
    recipients: ['bart@example.net'],
    message: post,
    labels: { post: 'p', list: 'ant.lists.example.com' },
    plan: planOf(),
    beginBefore: new Date(Date.now() + 30_000),
    endBefore: new Date(Date.now() + 1000),
  });
  expect(outcome).toMatchObject({ kind: 'verdicts', verdicts: [{ kind: 'unknown' }] });
  expect(bench.relay.copies().get('bart@example.net')).toBe(1);
});

it('goes by the quota that is known when Amazon SES does not tell the present one', async () => {
  // By this clock nobody has read the quota for ten minutes.
  const later = { now: () => new Date(Date.now() + 600_000) };
  const own = await startEmulators();
  await own.store.pace.note({ max_per_second: 1000, max_24h: -1, sent_24h: 0 }, new Date());
  const patient = openSesTransport({ store: own.store, clock: later, site }, {});
  await bench.control.account({ silent: 1 });
  const outcome = await patient.deliver({
    sender,
    recipients: ['cris@example.net'],
    message: post,
    labels: { post: 'p', list: 'ant.lists.example.com' },
    plan: planOf(),
    beginBefore: new Date(later.now().getTime() + 60_000),
  });
  await patient.close();
  await own.close();
  expect(outcome).toMatchObject({ verdicts: [{ kind: 'delivered' }] });
});

it('ends the function in time, defers the rest, and doubles only those whose calls were open', async () => {
  const members = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@example.net`);
  await bench.control.account({ silent: 2 });
  const message = await dispatch(members);
  await run(message, 4);
  // It returned by itself, with everything written down: had it been ended by force, its lease would still be there.
  expect(await ledgerOf(message)).toMatchObject({
    attempt: 1,
    lease_end: 0,
    possibly_doubled: 2,
    counts: { deferred: 6 },
  });
  await run(only(await emulators.receive('retry')), 60);
  expect(await ledgerOf(message)).toMatchObject({ done: true, counts: { delivered: 6 } });
  const copies = members.map((member) => bench.relay.copies().get(member) ?? 0);
  expect(Math.min(...copies)).toBe(1);
  expect(copies.filter((count) => count === 2)).toHaveLength(2);
  expect(await emulators.receive('bounces')).toEqual([]);
});
