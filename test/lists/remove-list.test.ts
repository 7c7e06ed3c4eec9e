import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeList } from '../../lib/lists/remove-list.ts';
import type { SubscriptionRequest } from '../../lib/subscriptions/request.ts';
import { type HeldWorld, openHeldWorld } from '../held/held-world.ts';

let world: HeldWorld;

beforeAll(async () => {
  world = await openHeldWorld();
});
afterAll(() => world.close());

const all = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};

const requestFor = (list_id: string): SubscriptionRequest => ({
  list_id,
  kind: 'join',
  email: 'anne@example.org',
  display_name: '',
  state: 'confirming',
  token: 'a'.repeat(40),
  cause: 'a mail',
  by: '',
  invitation: false,
  pre_verified: false,
  pre_confirmed: false,
  pre_approved: false,
  member_id: 'm1',
  created_at: '2026-01-01T00:00:00.000Z',
  changed_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2126-01-01T00:00:00.000Z',
});

describe('a list that is removed', () => {
  it('leaves nothing to one that is made with its name: no held mail, request, ban or text', async () => {
    const list = await world.list({}, 'elk');
    const { store, clock } = world.ports;
    const now = clock.now();
    const held = await world.hold(list);
    const request = requestFor(list.list_id);
    await store.requests.begin(request, now);
    await store.bans.add(list.list_id, 'mallory@example.org');
    await store.templates.set(list.list_id, 'list:user:notice:hold', 'Wait.');
    await store.templates.set('site', 'list:user:notice:hold', 'The site waits.');

    await removeList(list, world.ports);

    expect(await store.lists.byId(list.list_id)).toBeUndefined();
    await store.lists.create(list);
    expect(await all(store.held.ls(list.list_id))).toEqual([]);
    expect(await store.held.byToken(held.token)).toBeUndefined();
    expect(await world.blobs.get(held.blob)).toBeUndefined();
    expect(await all(store.requests.ls(list.list_id, { now }))).toEqual([]);
    expect(await store.requests.byToken(request.token, now)).toBeUndefined();
    expect(await store.bans.ls(list.list_id)).toEqual([]);
    expect(await all(store.templates.ls(list.list_id))).toEqual([]);
    expect(await all(store.templates.ls('site'))).toHaveLength(1);
  });

  it('tells what became of a mail that it held: nobody will decide on it', async () => {
    const list = await world.list({}, 'fox');
    const held = await world.hold(list);
    await removeList(list, world.ports);
    expect((await world.recordOf(held.mail_id)).moderation).toMatchObject({
      deed: 'discard',
      by: 'npx belfry list delete',
    });
  });

  it('never has its numbers of held mails taken again, so that a number in an old request names no newer mail', async () => {
    const list = await world.list({}, 'gnu');
    const { request_id: before } = await world.hold(list);
    await removeList(list, world.ports);
    await world.ports.store.lists.create(list);
    expect((await world.hold(list)).request_id).toBeGreaterThan(before);
  });
});
