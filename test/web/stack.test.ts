import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWebStack } from './web-stack.ts';

// The pages as the local stack serves them: the function of the template in its own process, behind a small server.

let world: Awaited<ReturnType<typeof openWebStack>>;
beforeAll(async () => {
  world = await openWebStack();
}, 120_000);
afterAll(() => world.close());

const press = (link: string, form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(link, { method: 'POST', body: new URLSearchParams(form) });

const isMember = async (listId: string, email: string): Promise<boolean> =>
  (await world.stack.store.members.get(listId, 'member', email)) !== undefined;

it('somebody joins by the link in the mail that asks, and finds the page of their membership in the welcome', async () => {
  const list = await world.list();
  await world.wishToJoin(list, 'cris@example.org');
  const confirm = world.linkIn(world.mailTo('cris@example.org'), 'confirm');
  expect(await (await fetch(confirm)).text()).toContain('Join the list?');
  expect(await (await press(confirm, { deed: 'confirm' })).text()).toContain('You are on the list');
  expect(await isMember(list.list_id, 'cris@example.org')).toBe(true);
  await world.stack.idle();
  const welcome = world.mailTo('cris@example.org');
  expect(welcome).toContain('Welcome');
  expect(await (await fetch(world.linkIn(welcome, 'member'))).text()).toContain('Your membership');
});

it('a stranger who asked for help joins on the same day, and has had one mail until then', async () => {
  const list = await world.list();
  const email = 'dora@example.net';
  const before = world.relay.received.length;
  const request = `${list.list_name}-request@example.com`;
  await world.send(request, email, 'help');
  const answer = world.mailTo(email);
  expect(answer).toContain('This address is not on the list');
  await world.send(request, email, 'join');
  await world.send(`${list.list_name}-join@example.com`, email, 'join');
  await world.send(request, email, 'help');
  expect(world.relay.received.length).toBe(before + 1);
  expect(await isMember(list.list_id, email)).toBe(false);
  const page = world.linkIn(answer, 'join');
  expect(await (await fetch(page)).text()).toContain('Join the list?');
  expect(await (await press(page, { deed: 'confirm' })).text()).toContain('You are on the list');
  await world.stack.idle();
  expect(await isMember(list.list_id, email)).toBe(true);
  expect(world.mailTo(email)).toContain('Welcome');
});

it('a post with copies of their own lets each member leave by one click, and a bulk post by mail alone', async () => {
  const list = await world.list({ personalize: 'individual' });
  for (const email of ['anne@example.org', 'bart@example.org']) await world.member(list, email);
  await world.post(list, 'anne@example.org', 'One each');
  const copies = ['anne@example.org', 'bart@example.org'].map((email) => world.mailTo(email));
  for (const copy of copies) expect(copy).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  const [hers = '', his = ''] = copies.map((copy) => world.linkIn(copy, 'leave'));
  expect(hers).not.toBe(his);
  const clicked = await fetch(his, {
    method: 'POST',
    body: new URLSearchParams('List-Unsubscribe=One-Click'),
  });
  expect(clicked.status).toBe(200);
  expect(await isMember(list.list_id, 'bart@example.org')).toBe(false);
  expect(await isMember(list.list_id, 'anne@example.org')).toBe(true);

  const bulk = await world.list();
  await world.member(bulk, 'anne@example.org');
  await world.post(bulk, 'anne@example.org', 'One for all');
  const shared = world.mailTo('anne@example.org');
  expect(shared).toContain('Subject: One for all');
  expect(shared).toContain(`List-Unsubscribe: <mailto:${bulk.list_name}-leave@example.com>`);
  expect(shared).not.toContain('List-Unsubscribe-Post');
});

it('a moderator accepts a held post by the link in the request', async () => {
  const list = await world.list();
  await world.member(list, 'anne@example.org');
  await world.member(list, 'queen@example.org', 'owner');
  await world.post(list, 'stranger@example.net', 'Let me in');
  const page = world.decisionIn(world.mailTo('queen@example.org'), 'accept');
  expect(await (await fetch(page)).text()).toContain('Let me in');
  expect(await (await press(page, { deed: 'accept' })).text()).toContain('The post is accepted');
  await world.stack.idle();
  expect(world.mailTo('anne@example.org')).toContain('Subject: Let me in');
});

it('what is no page is 404, and what is larger than Lambda takes is 413', async () => {
  expect((await fetch(world.stack.webUrl)).status).toBe(404);
  const huge = await fetch(`${world.stack.webUrl}/leave/x`, { method: 'POST', body: 'x'.repeat(7_000_000) });
  expect(huge.status).toBe(413);
  expect(world.stack.problems).toEqual([]);
});
