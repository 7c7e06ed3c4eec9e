import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AddressChangeMessage } from '../../lib/queue/messages.ts';
import { runAddressChange } from '../../lib/runners/address-change.ts';
import { changeAddress } from '../../lib/users/change-address.ts';
import { openWebWorld, type WebWorld } from './web-world.ts';

let world: WebWorld;
beforeAll(async () => {
  world = await openWebWorld();
});
afterAll(() => world.close());

/** The function command lets one address take the place of another. */
const changes = async (from: string, to: string): Promise<void> => {
  const { ports } = world;
  const wish = { id: randomUUID(), from, to, administrator: true };
  const message: AddressChangeMessage = await changeAddress(wish, ports);
  await runAddressChange(message, ports);
  // A look that finds nothing any more ends it.
  const at = new Date(Date.parse(message.at) - 60_000).toISOString();
  await runAddressChange({ ...message, at }, ports);
};

const emailsOf = async (listId: string, ...emails: readonly string[]): Promise<readonly string[]> => {
  const found = await Promise.all(emails.map((email) => world.store.members.get(listId, 'member', email)));
  return found.flatMap((member) => (member === undefined ? [] : [member.email]));
};

it('the link of an old mail takes off the address that has taken the place, and does not tell it', async () => {
  const list = await world.list();
  const member = await world.memberOf(list, 'first@example.org');
  const links = { leave: world.links().leave(member), page: world.links().membership(member) };
  await changes('first@example.org', 'second@example.org');
  await changes('second@example.org', 'third@example.org');
  expect(await emailsOf(list.list_id, 'first@example.org', 'third@example.org')).toEqual([
    'third@example.org',
  ]);

  const asked = await world.get(links.leave);
  expect(asked.status).toBe(200);
  expect(asked.text).toContain('first@example.org (which has become another address) off the mailing list');
  const page = await world.post(links.page, { deed: 'pause' });
  expect(page.text).toContain('Messages are paused.');
  const paused = await world.store.members.get(list.list_id, 'member', 'third@example.org');
  expect(paused?.delivery_status).toBe('by_user');
  expect(asked.body + page.body).not.toContain('third@example.org');

  const left = await world.post(links.leave, { 'List-Unsubscribe': 'One-Click' });
  expect(left.status).toBe(200);
  expect(left.text).toContain('You have left');
  expect(await emailsOf(list.list_id, 'third@example.org')).toEqual([]);
  expect((await world.post(links.leave, { deed: 'leave' })).text).toContain('You have left');
});

it('of two memberships that have become one, the links of both take it off', async () => {
  const list = await world.list();
  const one = await world.memberOf(list, 'one@example.org');
  await world.memberOf(list, 'two@example.org');
  const link = world.links().leave(one);
  await changes('one@example.org', 'two@example.org');
  expect((await world.post(link, { deed: 'leave' })).text).toContain('You have left');
  expect(await emailsOf(list.list_id, 'one@example.org', 'two@example.org')).toEqual([]);
});

it('a link does nothing to who joins later under either address', async () => {
  const list = await world.list();
  const member = await world.memberOf(list, 'gone@example.org');
  const link = world.links().leave(member);
  await changes('gone@example.org', 'newer@example.org');
  await world.store.members.remove(list.list_id, 'member', 'newer@example.org');
  await world.memberOf(list, 'gone@example.org');
  await world.memberOf(list, 'newer@example.org');
  expect((await world.post(link, { deed: 'leave' })).text).not.toContain('You have left');
  expect(await emailsOf(list.list_id, 'gone@example.org', 'newer@example.org')).toHaveLength(2);
});
