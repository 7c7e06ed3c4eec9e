import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, type World } from './world.ts';

// The same thing wished twice at the same moment, by two wishes that know nothing of each other: two who give the same command, or a mail and a link.

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const asked = { pre_verified: true, pre_confirmed: true, pre_approved: true } as const;

it.each([
  [2, 'leave', 'list:user:notice:goodbye'],
  [5, 'leave', 'list:user:notice:goodbye'],
  [5, 'join', 'list:user:notice:welcome'],
] as const)('%i wishes to %s have one mail', async (count, deed, kind) => {
  for (let round = 0; round < 10; round += 1) {
    const list = await world.list();
    const email = `person${round}@example.org`;
    if (deed === 'leave') await world.member(list, email);
    await Promise.all(Array.from({ length: count }, () => world.wished(list, { deed, email, ...asked })));
    expect((await world.mails()).map((mail) => mail.kind)).toEqual([kind]);
    const member = await world.ports.store.members.get(list.list_id, 'member', email);
    expect(member !== undefined).toBe(deed === 'join');
  }
});

it('a wish to leave does what another one that died has left undone', async () => {
  const list = await world.list();
  const email = 'left@example.org';
  await world.member(list, email);
  const first = world.wish(list, { deed: 'leave', email, ...asked });
  const { list_id } = list;
  const { member_id } = (await world.ports.store.members.get(list_id, 'member', email)) ?? {};
  // It got as far as its commit.
  await world.ports.store.requests.begin(
    {
      list_id,
      kind: 'leave',
      email,
      display_name: '',
      state: 'done',
      token: '',
      cause: first.id,
      by: '',
      invitation: false,
      ...asked,
      member_id: member_id ?? '',
      created_at: first.at,
      changed_at: first.at,
      expires_at: '2026-11-28T12:00:00.000Z',
    },
    new Date(first.at),
  );
  await world.wished(list, { deed: 'leave', email, ...asked });
  expect(await world.ports.store.members.get(list_id, 'member', email)).toBeUndefined();
  await world.run(first);
  expect((await world.mails()).map((mail) => mail.kind)).toEqual(['list:user:notice:goodbye']);
});

it('who comes back and leaves once more gets another goodbye', async () => {
  const list = await world.list();
  const email = 'again@example.org';
  for (let times = 0; times < 2; times += 1) {
    await world.wished(list, { deed: 'join', email, ...asked, send_welcome: false });
    await world.wished(list, { deed: 'leave', email, ...asked });
    expect((await world.mails()).map((mail) => mail.kind)).toEqual(['list:user:notice:goodbye']);
  }
});
