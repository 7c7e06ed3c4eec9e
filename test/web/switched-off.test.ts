import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MailingList } from '../../lib/lists/list.ts';
import { openWebStack } from './web-stack.ts';

// A site that wants no web pages: everything is done by mail, and no mail leads to a page that is not there.

let world: Awaited<ReturnType<typeof openWebStack>>;
beforeAll(async () => {
  world = await openWebStack({ web: { enabled: false } });
}, 120_000);
afterAll(() => world.close());

it('has no function for them, and listens nowhere', () => {
  expect(Object.keys(world.stack.pids())).toContain('command');
  expect(Object.keys(world.stack.pids())).not.toContain('web');
  expect(world.stack.webUrl).toBe('');
});

/** Somebody asks to join, and confirms it by mail. */
const joins = async (list: MailingList, email: string): Promise<void> => {
  await world.wishToJoin(list, email);
  const [, token = ''] = /^Subject: confirm (\w+)\r$/m.exec(world.mailTo(email)) ?? [];
  await world.send(`${list.list_name}-confirm+${token}@example.com`, email, `Re: confirm ${token}`);
};

it('asks for confirmation, greets, and asks moderators without a link', async () => {
  const list = await world.list();
  await world.member(list, 'queen@example.org', 'owner');
  await joins(list, 'cris@example.org');
  expect(world.mailTo('cris@example.org')).toContain('Welcome');
  await world.post(list, 'stranger@example.net', 'Let me in');
  expect(world.mailTo('queen@example.org')).toContain('waits for you to decide on it');
  const moderated = await world.list({ subscription_policy: 'moderate' });
  await world.member(moderated, 'king@example.org', 'owner');
  await joins(moderated, 'dora@example.org');
  expect(world.mailTo('king@example.org')).toContain('Somebody wants to join');
  expect(world.relay.received.length).toBeGreaterThanOrEqual(4);
  for (const { message } of world.relay.received) expect(message.toString()).not.toMatch(/https?:/);
});

it('offers to leave by mail alone, in copies that members have for themselves too', async () => {
  const list = await world.list({ personalize: 'individual' });
  await world.member(list, 'anne@example.org');
  await world.post(list, 'anne@example.org', 'One each');
  const copy = world.mailTo('anne@example.org');
  expect(copy).toContain('Subject: One each');
  expect(copy).toContain(`\r\nList-Unsubscribe: <mailto:${list.list_name}-leave@example.com>\r\n`);
  expect(copy).not.toContain('List-Unsubscribe-Post');
  expect(world.stack.problems).toEqual([]);
});
