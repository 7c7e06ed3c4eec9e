import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postKey, rosterKey } from '../../lib/blobs/keys.ts';
import { missedBy } from '../../lib/posts/missed.ts';
import { reportPost } from '../../lib/posts/post-report.ts';
import { planResend, ResendError, resendMissed } from '../../lib/posts/resend.ts';
import { type Dispatched, openPostWorld, type PostWorld } from './post-world.ts';

const people = ['a@x.example', 'b@x.example', 'gone@y.example', 'late@y.example', 'z@z.example'];
const ill = (recipient: string): string => {
  if (recipient.startsWith('gone')) return '550 5.1.1 No such user';
  return recipient.startsWith('late') ? '451 4.7.1 Later' : '250 Ok';
};

let world: PostWorld;
beforeAll(async () => {
  world = await openPostWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.chunks();
  world.relay.says({ rcpt: ill });
});

/** Who got a copy since. */
const copiesSince = (before: number): readonly string[] =>
  world.relay.received
    .slice(before)
    .flatMap(({ recipients }) => recipients)
    .sort();

/** A post that was refused for one, and given up for another. */
const halfDelivered = async (): Promise<Dispatched> => {
  const post = await world.dispatch(await world.list(), people);
  await world.deliver();
  world.later(3601);
  await world.deliver();
  expect(await world.chunks()).toEqual([]);
  return post;
};

const addresses = async ({ record, roster }: Dispatched) =>
  (await missedBy(record.id, roster, world.ports)).missed.map(({ address, state }) => [address, state]);

describe('post resend --missed', () => {
  it('sends to those who did not get it and to nobody else, once, however often it is done', async () => {
    const post = await halfDelivered();
    expect(await addresses(post)).toEqual([
      ['gone@y.example', 'refused'],
      ['late@y.example', 'given up'],
    ]);
    world.relay.says({});
    const before = world.relay.received.length;
    const { record, roster } = post;
    expect(await planResend(record, roster, world.ports)).toMatchObject({ recipients: 2, chunks: 1 });
    expect(await world.chunks()).toEqual([]);
    const [one, two] = await Promise.all([
      resendMissed(record, roster, world.ports),
      resendMissed(record, roster, world.ports),
    ]);
    expect([one, two].map(({ recipients }) => recipients)).toContain(2);
    await world.deliver();
    expect(copiesSince(before)).toEqual(['gone@y.example', 'late@y.example']);
    expect(await addresses(post)).toEqual([]);
    expect(await resendMissed(record, roster, world.ports)).toMatchObject({ recipients: 0, chunks: 0 });
    expect(await world.chunks()).toEqual([]);
    expect((await reportPost(record, world.ports)).delivery).toMatchObject({
      delivered: 5,
      waiting: undefined,
    });
  });

  it('doubles and misses nobody when it dies between the opening of a ledger and its message', async () => {
    const post = await halfDelivered();
    world.relay.says({});
    const before = world.relay.received.length;
    const died = new Error('died');
    const queues = async () => ({ send: () => Promise.reject(died) });
    const { record, roster } = post;
    await expect(resendMissed(record, roster, { ...world.ports, queues })).rejects.toBe(died);
    expect(await world.chunks()).toEqual([]);
    expect(await resendMissed(record, roster, world.ports)).toMatchObject({ recipients: 2, chunks: 1 });
    await resendMissed(record, roster, world.ports);
    await world.deliver();
    expect(copiesSince(before)).toEqual(['gone@y.example', 'late@y.example']);
    expect(await addresses(post)).toEqual([]);
  });

  it('tries those now who wait, and their own retry does nothing any more', async () => {
    const { record, roster } = await world.dispatch(await world.list(), people);
    await world.deliver();
    const retry = await world.chunks();
    world.relay.says({});
    const before = world.relay.received.length;
    expect(await resendMissed(record, roster, world.ports)).toMatchObject({ chunks: 1 });
    await world.deliver();
    await world.deliver(retry);
    expect(copiesSince(before).filter((address) => address === 'late@y.example')).toHaveLength(1);
    expect((await reportPost(record, world.ports)).delivery).toMatchObject({ waits: 0 });
  });

  it('sends to those who were refused in a chunk in which others still wait, and doubles nobody', async () => {
    const post = await world.dispatch(await world.list(), [
      'gone@x.example',
      'late@x.example',
      'z@z.example',
    ]);
    await world.deliver();
    const retry = await world.chunks();
    expect(await addresses(post)).toEqual([
      ['gone@x.example', 'refused'],
      ['late@x.example', 'waits'],
    ]);
    world.relay.says({});
    const before = world.relay.received.length;
    const { record, roster } = post;
    expect(await planResend(record, roster, world.ports)).toMatchObject({ recipients: 2, not_yet: 0 });
    await Promise.all([resendMissed(record, roster, world.ports), resendMissed(record, roster, world.ports)]);
    await world.deliver(retry);
    await world.deliver();
    expect(copiesSince(before)).toEqual(['gone@x.example', 'late@x.example']);
    expect((await reportPost(record, world.ports)).delivery).toMatchObject({
      delivered: 3,
      waiting: undefined,
    });
  });

  it('keeps the message valid by which those who wait would be tried anyway, should it die before it sends another', async () => {
    const post = await world.dispatch(await world.list(), ['gone@x.example', 'late@x.example']);
    await world.deliver();
    const retry = await world.chunks();
    const { record, roster } = post;
    const ledger = await world.store.ledgers.get(record.id, roster.attempt, 0);
    if (ledger === undefined) throw new Error('There is no ledger');
    await world.store.ledgers.reopen(ledger, { now: world.ports.clock.now(), period: 3600 });
    world.relay.says({});
    const before = world.relay.received.length;
    await world.deliver(retry);
    expect(copiesSince(before)).toEqual(['gone@x.example', 'late@x.example']);
  });

  it('leaves those alone who were refused before somebody died in the middle, until that is over', async () => {
    const { record, roster } = await world.dispatch(await world.list(), ['gone@x.example', 'late@x.example']);
    await world.deliver();
    await world.chunks();
    const claim = {
      id: record.id,
      roster: roster.attempt,
      chunk: 0,
      attempt: 1,
      owner: 'dead',
      period: 3600,
    };
    const now = world.ports.clock.now();
    await world.store.ledgers.claim({ ...claim, now, leaseEnd: new Date(now.getTime() + 1000) });
    world.later(2);
    expect(await resendMissed(record, roster, world.ports)).toMatchObject({ recipients: 1, not_yet: 1 });
    await world.chunks();
  });

  it('gives those a whole time who waited for nearly all of theirs', async () => {
    const { record, roster } = await world.dispatch(await world.list(), people);
    await world.deliver();
    await world.chunks();
    world.later(3599);
    await resendMissed(record, roster, world.ports);
    world.later(60);
    await world.deliver();
    expect((await reportPost(record, world.ports)).delivery).toMatchObject({ waits: 1, given_up: 0 });
  });

  it.each([
    [
      'when the bytes of the post have expired',
      (id: string, attempt: string) => postKey(id, attempt),
      'bytes of the post',
    ],
    [
      'when a roster has expired',
      (id: string, attempt: string) => rosterKey(id, attempt, 1),
      'roster of chunk 1',
    ],
  ])('changes nothing and says so %s', async (_, key, says) => {
    const { record, roster } = await halfDelivered();
    const kept = await world.blobs.get(key(record.id, roster.attempt));
    await world.blobs.remove(key(record.id, roster.attempt));
    await expect(resendMissed(record, roster, world.ports)).rejects.toThrow(says);
    expect(await world.chunks()).toEqual([]);
    expect(await world.store.ledgers.get(record.id, roster.attempt, 1)).toMatchObject({ done: true });
    await world.blobs.put(key(record.id, roster.attempt), kept ?? Buffer.alloc(0));
    expect(await planResend(record, roster, world.ports)).toMatchObject({ recipients: 2 });
  });

  it('sends nothing when nobody knows any more who got it', async () => {
    const { record, roster } = await halfDelivered();
    const forgetful = { ...world.ports, clock: { now: () => new Date(Date.now() + 40 * 86_400_000) } };
    await expect(resendMissed(record, roster, forgetful)).rejects.toThrow(ResendError);
    expect(await world.chunks()).toEqual([]);
  });

  it('says when the post expires before its time is over', async () => {
    const { record, roster } = await halfDelivered();
    const late = new Date(world.ports.clock.now().getTime() + (30 * 86_400 - 3601 - 600) * 1000);
    const plan = await planResend(record, roster, { ...world.ports, clock: { now: () => late } });
    expect(plan.expires_at).toBeDefined();
    expect((await planResend(record, roster, world.ports)).expires_at).toBeUndefined();
  });

  it('refuses a list that is gone', async () => {
    const { record, roster } = await halfDelivered();
    await world.store.lists.remove(record.list_id);
    await expect(resendMissed(record, roster, world.ports)).rejects.toThrow('does not exist any more');
  });
});
