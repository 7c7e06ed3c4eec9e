import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormerMember } from '../../lib/members/former-member.ts';
import { runAddressChange } from '../../lib/runners/address-change.ts';
import { requestSchema } from '../../lib/subscriptions/request.ts';
import { changeAddress } from '../../lib/users/change-address.ts';
import { changePreferredAddress } from '../../lib/users/change-preferred.ts';
import { all } from '../store/behaviour/all.ts';
import { Death, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Does something that may die of its ports. */
const mayDie = async (deed: () => Promise<unknown>): Promise<void> => {
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Death)) throw error;
  }
};

/** One person with everything that an address can have, beside what the new address has already. */
const person = async (name: string) => {
  const [from, to] = [`${name}@old.example`, `${name}@new.example`];
  const lists = ['one', 'two', 'both'].map((list) => `${name}.${list}.example.com`);
  const [one = '', two = '', both = ''] = lists;
  await world.user(name, { preferred_address: from, preferences: { hide_address: false } });
  const link = { user_id: name, verified_on: '2025-01-01T00:00:00.000Z' };
  await world.address(from, { ...link, preferences: { receive_own_postings: false } });
  await world.address(to, link);
  const member = await world.member(one, from, { delivery_mode: 'mime_digests', moderation_action: 'hold' });
  const owner = await world.member(one, from, { role: 'owner', moderation_action: 'accept' });
  const asUser = await world.member(two, from, { user_id: name });
  await world.member(both, from, { moderation_action: 'discard', hide_address: true });
  const own = await world.member(both, to, { delivery_status: 'by_user' });
  const request = requestSchema.parse({
    list_id: `${name}.asked.example.com`,
    kind: 'join',
    email: from,
    state: 'moderating',
    token: `token of ${name}`,
    cause: `cause of ${name}`,
    member_id: `asked by ${name}`,
    created_at: '2026-01-01T00:00:00.000Z',
    changed_at: '2026-01-01T00:00:00.000Z',
    expires_at: '2027-01-01T00:00:00.000Z',
  });
  await world.store.requests.begin(request, world.ports.clock.now());
  const left: FormerMember = {
    list_id: `${name}.left.example.com`,
    email: from,
    left_at: '2025-06-01T00:00:00.000Z',
    moderation_action: 'reject',
    delivery_mode: 'mime_digests',
  };
  await world.store.members.former.put(left, new Date('2027-01-01'));
  return { name, from, to, one, two, both, member, owner, asUser, own, request, left };
};
type Person = Awaited<ReturnType<typeof person>>;

const changed = async ({
  name,
  from,
  to,
  both,
  member,
  owner,
  asUser,
  own,
  request,
  left,
}: Person): Promise<void> => {
  const { store } = world;
  const inherited = { hide_address: false, receive_own_postings: false };
  expect(await all(store.members.of(from))).toEqual([]);
  const found = await all(store.members.of(to));
  expect(found).toHaveLength(4);
  expect(found).toEqual(
    expect.arrayContaining([
      { ...member, email: to, inherited },
      { ...owner, email: to, inherited },
      { ...asUser, email: to, inherited },
      { ...own, list_id: both, moderation_action: 'discard', hide_address: true, inherited },
    ]),
  );
  expect(await store.addresses.get(from)).toBeUndefined();
  const address = await store.addresses.get(to);
  expect(address).toMatchObject({ user_id: name, preferences: { receive_own_postings: false } });
  expect(address).not.toHaveProperty('moving_from');
  expect(await store.users.get(name)).toMatchObject({ preferred_address: to });
  const now = world.ports.clock.now();
  expect(await store.requests.byToken(request.token, now)).toEqual({ ...request, email: to });
  expect(await all(store.requests.of(from, now))).toEqual([]);
  const { former } = store.members;
  expect(await former.get(left.list_id, to, now)).toEqual({ ...left, email: to, left_at: '' });
  expect(await former.get(left.list_id, from, now)).toBeUndefined();
};

// How many calls a change makes at most; the last tests of a sweep find that it did not die.
const enough = 90;

describe('a change of address that dies after a call', () => {
  it('is whole once it is wished for again', async () => {
    let at = 0;
    for (; at < enough; at += 1) {
      const anne = await person(`wish-${at}`);
      const change = { id: 'wish', from: anne.from, to: anne.to, administrator: true };
      const { ports, died } = world.mortal(at);
      await mayDie(() => changeAddress(change, ports));
      if (!died()) break;
      // Nothing has happened, or everything will.
      await changeAddress(change, world.ports);
      await world.settle();
      await changed(anne);
    }
    expect(at).toBeGreaterThan(5);
    expect(at).toBeLessThan(enough);
    await world.settle();
  }, 60_000);

  it('is whole once its message comes again', async () => {
    let at = 0;
    for (; at < enough; at += 1) {
      const bart = await person(`run-${at}`);
      const change = { id: 'run', from: bart.from, to: bart.to, administrator: true };
      const message = await changeAddress(change, world.ports);
      await world.emulators.receive('command');
      // So late that one look would be enough to end it if it found nothing.
      world.pass(60);
      const { ports, died } = world.mortal(at);
      await mayDie(() => runAddressChange(message, ports));
      if (!died()) break;
      // Everybody is on every list at any moment.
      const there = [...(await world.places(bart.from)), ...(await world.places(bart.to))];
      expect(new Set(there).size).toBe(4);
      await runAddressChange(message, world.ports);
      await world.emulators.receive('command');
      await runAddressChange(message, world.ports);
      await world.settle();
      await changed(bart);
    }
    expect(at).toBeGreaterThan(25);
    expect(at).toBeLessThan(enough);
    await world.settle();
  }, 120_000);

  it('is whole when its end dies', async () => {
    let at = 0;
    for (; at < enough; at += 1) {
      const cris = await person(`end-${at}`);
      const change = { id: 'end', from: cris.from, to: cris.to, administrator: true };
      const message = await changeAddress(change, world.ports);
      await runAddressChange(message, world.ports);
      await world.emulators.receive('command');
      world.pass(60);
      const { ports, died } = world.mortal(at);
      await mayDie(() => runAddressChange(message, ports));
      await runAddressChange(message, world.ports);
      await changed(cris);
      if (!died()) break;
    }
    expect(at).toBeGreaterThan(5);
    expect(at).toBeLessThan(enough);
    await world.settle();
  }, 60_000);
});

describe('another preferred address whose change dies after a call', () => {
  it('takes along what stands for the user, and nothing else, exactly once', async () => {
    let at = 0;
    for (; at < enough; at += 1) {
      const dora = await person(`preferred-${at}`);
      const { ports, died } = world.mortal(at);
      const change = { id: 'preferred', userId: dora.name, to: dora.to };
      await mayDie(async () => {
        const message = await changePreferredAddress(change, ports);
        if (message !== undefined) await runAddressChange(message, ports);
      });
      await changePreferredAddress(change, world.ports);
      await world.settle();
      expect(await world.places(dora.to)).toEqual([`${dora.both} member`, `${dora.two} member`]);
      expect(await world.places(dora.from)).toEqual([
        `${dora.both} member`,
        `${dora.one} member`,
        `${dora.one} owner`,
      ]);
      expect(await world.store.users.get(dora.name)).toMatchObject({ preferred_address: dora.to });
      for (const email of [dora.from, dora.to]) {
        const address = await world.store.addresses.get(email);
        expect(address).not.toHaveProperty('moving_to');
        expect(address).not.toHaveProperty('moving_from');
      }
      if (!died()) break;
    }
    expect(at).toBeGreaterThan(15);
    expect(at).toBeLessThan(enough);
  }, 120_000);
});
