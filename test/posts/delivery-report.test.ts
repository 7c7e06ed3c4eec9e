import { afterAll, beforeAll, expect, it } from 'vitest';
import { reportDelivery } from '../../lib/posts/delivery-report.ts';
import { reportMember } from '../../lib/posts/member-report.ts';
import { missedBy } from '../../lib/posts/missed.ts';
import { openPostWorld, type PostWorld } from './post-world.ts';

let world: PostWorld;
beforeAll(async () => {
  world = await openPostWorld({ rcpt: (to) => (to.startsWith('late') ? '451 4.7.1 Later' : '250 Ok') }, 3);
});
afterAll(() => world.close());

/** The first chunk of a post, held for a minute. */
const claimed = async (id: string, roster: string) => {
  const now = world.ports.clock.now();
  const leaseEnd = new Date(now.getTime() + 60_000);
  const claim = { id, roster, chunk: 0, attempt: 0, owner: 'me', now, leaseEnd, period: 3600 };
  const outcome = await world.store.ledgers.claim(claim);
  if (outcome.kind !== 'claimed') throw new Error('The chunk was not claimed');
  return outcome.ledger;
};

const people = ['a@x.example', 'b@x.example', 'late@y.example', 'z@z.example'];

it('tells who waits, since when, how often they were tried, and until when', async () => {
  const began = world.ports.clock.now().getTime();
  const { record, roster } = await world.dispatch(await world.list(), people);
  const fresh = await reportDelivery(record.id, roster, world.ports);
  expect(fresh).toMatchObject({
    delivered: 0,
    not_tried: 4,
    began_at: new Date(began).toISOString(),
    waiting: { attempts: 0, chunks_under_way: 0, parked: undefined },
  });
  await world.deliver();
  world.later(60);
  expect(await reportDelivery(record.id, roster, world.ports)).toMatchObject({
    delivered: 3,
    waits: 1,
    not_tried: 0,
    replies: { 'deferred 451 4.7.1': 1 },
    plan: { verp: false, personalize: 'none' },
    waiting: {
      attempts: 1,
      // The retries of this world have no delay.
      next_attempt_by: new Date(began + 60_000).toISOString(),
      give_up_at: new Date(began + 3_600_000).toISOString(),
    },
  });
  await world.chunks();
});

it('tells that delivery is parked, and that nobody is tried before its time is over', async () => {
  const { record, roster } = await world.dispatch(await world.list(), people);
  const now = world.ports.clock.now();
  const until = new Date(now.getTime() + 900_000);
  await world.store.parking.park({ reason: '535 5.7.8 No', now, until });
  const { waiting } = await reportDelivery(record.id, roster, world.ports);
  expect(waiting?.parked).toEqual({
    reason: '535 5.7.8 No',
    since: now.toISOString(),
    until: until.toISOString(),
  });
  expect(waiting?.next_attempt_by).toBe(until.toISOString());
  await world.store.parking.resume();
  await world.chunks();
});

it('tells when those are due who were put off, as the ledger has it', async () => {
  const { record, roster } = await world.dispatch(await world.list(), people);
  const now = world.ports.clock.now();
  const ledger = await claimed(record.id, roster.attempt);
  const again_at = now.getTime() + 300_000;
  // Two bits for each recipient: the first one is deferred.
  const told = { ...ledger, states: Uint8Array.of(0b11), codes: { 'deferred 450': Uint8Array.of(1) } };
  await world.store.ledgers.write(ledger, { ...told, lease_end: 0, again_at });
  const due = new Date(again_at).toISOString();
  expect(await reportDelivery(record.id, roster, world.ports)).toMatchObject({
    waits: 1,
    transport: 'relay',
    waiting: { next_attempt_at: due },
  });
  const member = () => reportMember(record.id, roster, 'a@x.example', world.ports);
  expect(await member()).toMatchObject({ state: 'waits', next_attempt_at: due });
  const until = new Date(now.getTime() + 900_000);
  await world.store.parking.park({ reason: '421 Not now', now, until });
  const { waiting } = await reportDelivery(record.id, roster, world.ports);
  expect(waiting?.next_attempt_at).toBe(until.toISOString());
  await world.store.parking.resume();
  world.later(301);
  const late = await reportDelivery(record.id, roster, world.ports);
  expect(late.waiting?.next_attempt_at).toBeUndefined();
  expect(await member()).toMatchObject({ next_attempt_at: undefined });
  await world.chunks();
});

it('counts who has left as nobody who missed it, and who is delivered at the moment as such', async () => {
  const { record, roster } = await world.dispatch(await world.list(), people);
  const ledger = await claimed(record.id, roster.attempt);
  // Two bits for each recipient: ended, delivered, and not tried.
  const told = { ...ledger, states: Uint8Array.of(0b000110), codes: { left: Uint8Array.of(0b001) } };
  await world.store.ledgers.write(ledger, told);
  expect(await reportDelivery(record.id, roster, world.ports)).toMatchObject({
    left: 1,
    refused: 0,
    delivered: 1,
    not_tried: 2,
    waiting: { chunks_under_way: 1 },
  });
  expect(await reportMember(record.id, roster, 'A@X.example', world.ports)).toMatchObject({ state: 'left' });
  const { missed } = await missedBy(record.id, roster, world.ports);
  expect(missed.map(({ address }) => address)).toEqual(['late@y.example', 'z@z.example']);
  await world.chunks();
});

it('knows nothing any more of what has expired, also while the table still has it', async () => {
  const { record, roster } = await world.dispatch(await world.list(), people);
  const late = { ...world.ports, clock: { now: () => new Date(Date.now() + 31 * 86_400_000) } };
  expect(await reportDelivery(record.id, roster, late)).toMatchObject({ forgotten_chunks: 2, delivered: 0 });
  expect(await reportMember(record.id, roster, 'a@x.example', late)).toEqual({ kind: 'expired' });
  expect(await missedBy(record.id, roster, late)).toEqual({ missed: [], forgotten_chunks: 2 });
  await world.chunks();
});
