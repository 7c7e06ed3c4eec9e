import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSite } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import { runAddressChange } from '../../lib/runners/address-change.ts';
import { type AddressChange, changeAddress } from '../../lib/users/change-address.ts';
import { changePreferredAddress } from '../../lib/users/change-preferred.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

let people = 0;
let from = '';
let to = '';
beforeEach(() => {
  people += 1;
  from = `p${people}@old.example`;
  to = `p${people}@new.example`;
});

const change = (over: Partial<AddressChange> = {}) =>
  changeAddress({ id: 'wish', from, to, administrator: false, ...over }, world.ports);
const site = readSite({ mailman: { site_owner: 'owner@example.com' } });
const verified = { verified_on: '2025-01-01T00:00:00.000Z' };

describe('a change of address', () => {
  it('carries a member who is known as an address by nothing else, if an administrator says so', async () => {
    const member = await world.member('solo.example.com', from, { display_name: 'Anne', hide_address: true });
    await change({ administrator: true });
    await world.settle();
    expect(await world.store.members.get('solo.example.com', 'member', to)).toEqual({ ...member, email: to });
    expect(await world.places(from)).toEqual([]);
    const address = await world.store.addresses.get(to);
    expect(address).toMatchObject({ email: to, display_name: 'Anne' });
    expect(address).not.toHaveProperty('verified_on');
  });

  it('carries to an address that its owner has verified', async () => {
    await world.member('owner.example.com', from);
    await world.address(to, verified);
    await change();
    await world.settle();
    expect(await world.places(to)).toEqual(['owner.example.com member']);
  });

  it('carries whom the index tells of only later', async () => {
    await world.address(from);
    await world.address(to, verified);
    await change();
    const [message] = await world.emulators.receive('command');
    if (message?.type !== 'address-change') throw new Error('There is no message');
    // Nothing is found yet: as it was added a moment ago, the index may not know it.
    await runAddressChange(message, world.ports);
    await world.member('late.example.com', from);
    await world.settle();
    expect(await world.places(to)).toEqual(['late.example.com member']);
    expect(await world.store.addresses.get(from)).toBeUndefined();
  });

  it('lets who comes back have what they had under the former address, and the stricter decision of moderators', async () => {
    const { former } = world.store.members;
    const now = world.ports.clock.now();
    const until = new Date(now.getTime() + 86_400_000);
    const left = { list_id: 'back.example.com', email: from, left_at: '2025-12-01T00:00:00.000Z' };
    await former.put({ ...left, moderation_action: 'hold', hide_address: true }, until);
    await former.put(
      { ...left, email: to, moderation_action: 'accept', delivery_mode: 'mime_digests' },
      until,
    );
    await world.address(from);
    await change({ administrator: true });
    await world.settle();
    expect(await former.get(left.list_id, to, now)).toEqual({
      ...left,
      email: to,
      moderation_action: 'hold',
      hide_address: true,
      delivery_mode: 'mime_digests',
    });
    expect(await former.get(left.list_id, from, now)).toBeUndefined();
  });

  it('leaves bounces with the address that they are of, and posts come again', async () => {
    const bounced = {
      bounce_score: 5,
      last_bounce_received: '2025-12-31T00:00:00.000Z',
      bouncing_since: '2025-12-27T00:00:00.000Z',
      total_warnings_sent: 2,
      bounce_event: 'x',
      bounce_step: 'disabled',
    } as const;
    const kept = { hide_address: false, moderation_action: 'hold' } as const;
    await world.member(`dead${people}.example.com`, from, {
      ...kept,
      ...bounced,
      delivery_status: 'by_bounces',
    });
    await world.member(`away${people}.example.com`, from, { ...bounced, delivery_status: 'by_user' });
    await change({ administrator: true });
    await world.settle();
    const [dead, away] = await Promise.all(
      ['dead', 'away'].map((list) => world.store.members.get(`${list}${people}.example.com`, 'member', to)),
    );
    expect(dead).toMatchObject(kept);
    expect(away?.delivery_status).toBe('by_user');
    for (const name of [...Object.keys(bounced), 'delivery_status']) expect(dead).not.toHaveProperty(name);
    for (const name of Object.keys(bounced)) expect(away).not.toHaveProperty(name);
  });

  it('leaves bans with the addresses that they are of', async () => {
    const { bans } = world.store;
    const list = `banned${people}.example.com`;
    await bans.add(list, from);
    await bans.add(null, from);
    await world.member(list, from);
    await change({ administrator: true });
    await world.settle();
    expect(await bans.read(list)).toEqual({ list: [from], site: expect.arrayContaining([from]) });
    expect(await bans.ls(null)).not.toContain(to);
    expect(await world.places(to)).toEqual([`${list} member`]);
  });

  it('changes nothing when its message comes again later', async () => {
    await world.member('again.example.com', from);
    const message = await change({ administrator: true });
    await world.settle();
    await world.member('again.example.com', from);
    await runAddressChange(message, world.ports);
    expect(await world.places(from)).toEqual(['again.example.com member']);
  });

  it('is not confused by two functions that do it at once', async () => {
    for (const list of ['a', 'b', 'c', 'd']) await world.member(`${list}.twice.example.com`, from);
    const message = await change({ administrator: true });
    await Promise.all(Array.from({ length: 3 }, () => runAddressChange(message, world.ports)));
    await world.settle();
    expect(await world.places(to)).toHaveLength(4);
    expect(await world.places(from)).toEqual([]);
  });
});

describe('a change of address is refused', () => {
  const refused: readonly (readonly [string, () => Promise<unknown>, Partial<AddressChange>, RegExp])[] = [
    ['to one that nobody has verified', () => world.address(to), {}, /is not verified yet/],
    ['to one of which nothing is known', async () => {}, {}, /is not verified yet/],
    [
      'to what is no address',
      async () => {},
      { to: 'nobody', administrator: true },
      /"nobody" is not an e-mail/,
    ],
    [
      'to one of another user',
      async () => {
        await world.address(to, { user_id: 'other', ...verified });
        await world.store.addresses.set(from, { user_id: 'one' });
      },
      { administrator: true },
      /belongs to another user/,
    ],
    [
      'to a list',
      () => createList('nolist@example.com', { ...world.ports, store: world.store, site }),
      { to: 'NoList@example.com', administrator: true },
      /is the address of a mailing list/,
    ],
  ];
  it.each(refused)('%s', async (_, given, over, says) => {
    await world.address(from);
    await given();
    await expect(change(over)).rejects.toThrow(says);
    expect(await world.store.addresses.get(from)).not.toHaveProperty('moving_to');
    expect(await world.emulators.receive('command')).toEqual([]);
  });

  it('to itself, and from one of which nothing is known', async () => {
    await expect(change({ administrator: true })).rejects.toThrow(/Nothing is known of/);
    await world.address(from);
    await expect(change({ to: from.toUpperCase(), administrator: true })).rejects.toThrow(/the same address/);
  });

  it('while one of both is in another change, also in a circle that is begun from both ends at once', async () => {
    await world.member('circle.example.com', from);
    await world.member('other.example.com', to);
    const third = `third-${to}`;
    const there = await Promise.allSettled([
      change({ administrator: true }),
      change({ from: to, to: from, administrator: true }),
    ]);
    expect(there.filter(({ status }) => status === 'fulfilled').length).toBeLessThan(2);
    // Whoever was first, or comes again when both had refused each other.
    await change({ administrator: true }).catch(() => change({ from: to, to: from, administrator: true }));
    const way = (await world.store.addresses.get(from))?.moving_to === undefined ? [to, from] : [from, to];
    const [gone = '', stays = ''] = way;
    await expect(change({ from: gone, to: third, administrator: true })).rejects.toThrow(/another change/);
    await expect(change({ from: stays, to: third, administrator: true })).rejects.toThrow(/another change/);
    await world.address(third);
    await expect(change({ from: third, to: gone, administrator: true })).rejects.toThrow(/giving its place/);
    await expect(change({ from: third, to: stays, administrator: true })).rejects.toThrow(/another change/);
    await world.settle();
    expect(await world.places(gone)).toEqual([]);
    expect((await world.places(stays)).toSorted()).toEqual([
      'circle.example.com member',
      'other.example.com member',
    ]);
  });

  it('not for long, when somebody died before the commit', async () => {
    await world.address(from);
    await world.address(to);
    await world.store.addresses.receive(to, 'dead@old.example');
    await change({ administrator: true });
    await world.settle();
    expect(await world.store.addresses.get(to)).not.toHaveProperty('moving_from');
  });
});

describe('another preferred address', () => {
  const user = async (): Promise<string> => {
    const user_id = `user-${people}`;
    await world.user(user_id);
    await world.address(from, { user_id, ...verified });
    await world.address(to, { user_id });
    return user_id;
  };

  it('must be a verified one of the same user', async () => {
    const userId = await user();
    const prefer = (email: string) => changePreferredAddress({ id: 'wish', userId, to: email }, world.ports);
    await expect(prefer(to)).rejects.toThrow(/not verified yet/);
    await expect(prefer('somebody@else.example')).rejects.toThrow(/no address of this user/);
    expect(await prefer(from)).toBeUndefined();
    expect(await world.store.users.get(userId)).toMatchObject({ preferred_address: from });
  });

  it('leaves a list alone on which it is a member as address: that is what counts', async () => {
    const userId = await user();
    await world.store.addresses.verify(to, new Date());
    await world.store.users.set(userId, { preferred_address: from });
    await world.member('as-user.example.com', from, { user_id: userId, hide_address: false });
    const own = await world.member('as-user.example.com', to, { delivery_mode: 'mime_digests' });
    await changePreferredAddress({ id: 'wish', userId, to }, world.ports);
    await world.settle();
    expect(await world.store.members.get('as-user.example.com', 'member', to)).toEqual({
      ...own,
      hide_address: false,
    });
    expect(await world.places(from)).toEqual([]);
  });
});
