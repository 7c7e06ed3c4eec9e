import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { openWebWorld, type WebWorld } from './web-world.ts';

// The link in the answer to a stranger: one mail a day is all that a stranger gets, so it has to do for joining too.

let world: WebWorld;
beforeAll(async () => {
  world = await openWebWorld();
});
afterAll(() => world.close());

const pressed = { deed: 'confirm' };
const linkFor = ({ list_id }: MailingList, email: string): string => world.links().join({ list_id, email });
const isMember = async ({ list_id }: MailingList, email: string): Promise<boolean> =>
  (await world.store.members.get(list_id, 'member', email)) !== undefined;

it('asks, makes a member whose address is confirmed, and says so again', async () => {
  const list = await world.list();
  const link = linkFor(list, 'anne@example.org');
  await world.notices();
  expect((await world.get(link)).text).toContain('Join the list?');
  expect((await world.post(link, {})).text).toContain('Join the list?');
  expect(await isMember(list, 'anne@example.org')).toBe(false);
  for (let times = 0; times < 2; times += 1) {
    const { status, text } = await world.post(link, pressed);
    expect(status).toBe(200);
    expect(text).toContain('You are on the list');
  }
  expect((await world.get(link)).text).toContain('You are on the list');
  expect(await isMember(list, 'anne@example.org')).toBe(true);
  expect((await world.store.addresses.get('anne@example.org'))?.verified_on).toBeDefined();
  expect((await world.notices()).filter(({ text }) => text.includes('Welcome'))).toHaveLength(1);
});

it('works once: who has left since does not come back by it', async () => {
  const list = await world.list();
  const email = 'bart@example.org';
  const link = linkFor(list, email);
  await world.post(link, pressed);
  const authority = { pre_confirmed: true, pre_approved: true };
  await world.subscribe({
    id: 'bart-leaves',
    listid: list.list_id,
    deed: 'leave',
    email,
    by: email,
    ...authority,
  });
  expect((await world.post(link, pressed)).status).toBe(410);
  expect(await isMember(list, email)).toBe(false);
});

it('leaves it to the moderators where they decide', async () => {
  const list = await world.list({ subscription_policy: 'confirm_then_moderate' });
  const link = linkFor(list, 'cris@example.org');
  for (const { text } of [
    await world.post(link, pressed),
    await world.get(link),
    await world.post(link, pressed),
  ]) {
    expect(text).toContain('A moderator is asked');
  }
  expect(await isMember(list, 'cris@example.org')).toBe(false);
});

it('confirms the request that waits already', async () => {
  const list = await world.list();
  const email = 'dora@example.org';
  await world.subscribe({ id: 'dora-asks', listid: list.list_id, deed: 'join', email, by: email });
  expect((await world.post(linkFor(list, email), pressed)).text).toContain('You are on the list');
  expect((await world.store.requests.get(list.list_id, 'join', email, new Date()))?.state).toBe('done');
});

it('does nothing for who is banned, nor on another list, nor after its time', async () => {
  const [list, other] = [await world.list(), await world.list()];
  await world.store.bans.add(list.list_id, 'eve@example.org');
  expect((await world.post(linkFor(list, 'eve@example.org'), pressed)).status).toBe(403);
  expect(await isMember(list, 'eve@example.org')).toBe(false);
  const old = world.sign({
    v: 1,
    deed: 'join',
    list_id: other.list_id,
    email: 'fred@example.org',
    expires: 1_700_000_000,
  });
  expect((await world.post(old, pressed)).status).toBe(410);
  const forged = linkFor(other, 'fred@example.org').replace('/join/', '/leave/');
  expect((await world.post(forged, { deed: 'leave' })).status).toBe(404);
  expect(await isMember(other, 'fred@example.org')).toBe(false);
});
