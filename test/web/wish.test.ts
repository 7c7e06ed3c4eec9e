import { afterAll, beforeAll, expect, it } from 'vitest';
import { noLinks } from '../../lib/notices/links.ts';
import type { QueueMessage } from '../../lib/queue/messages.ts';
import { runSubscription } from '../../lib/runners/subscription.ts';
import type { WebPorts } from '../../lib/web/web-page.ts';
import { doWish, wishIdOf } from '../../lib/web/wish.ts';
import { openWorld } from '../runners/world.ts';

type World = Awaited<ReturnType<typeof openWorld>>;
let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const portsOf = (over: Partial<WebPorts> = {}) => {
  const sent: QueueMessage[] = [];
  const failures: unknown[] = [];
  const ports: WebPorts = {
    ...world.ports,
    queues: { send: async (messages) => void sent.push(...messages) },
    links: noLinks,
    key: async () => Buffer.alloc(32),
    failed: (error) => failures.push(error),
    ...over,
  };
  return { ports, sent, failures };
};

it('a wish that cannot be done at once is on the queue, and is done by its message', async () => {
  const list = await world.list();
  await world.member(list, 'anne@example.org');
  const broken = { ...world.ports.store.lists, byId: () => Promise.reject(new Error('DynamoDB is away')) };
  const { ports, sent, failures } = portsOf({ store: { ...world.ports.store, lists: broken } });
  const flags = { pre_confirmed: true, pre_approved: true };
  const wish = {
    listid: list.list_id,
    deed: 'leave',
    email: 'anne@example.org',
    by: 'anne@example.org',
  } as const;
  expect(await doWish({ ...wish, ...flags }, 'token', ports)).toBeUndefined();
  expect(failures).toHaveLength(1);
  const [message, ...more] = sent;
  expect(more).toEqual([]);
  if (message?.type !== 'subscription') throw new Error('No wish was sent');
  await runSubscription(message, { ...ports, store: world.ports.store });
  expect(await world.ports.store.members.get(list.list_id, 'member', 'anne@example.org')).toBeUndefined();
});

it('a wish that was done at once does nothing more when its message comes, once and again', async () => {
  const list = await world.list();
  await world.member(list, 'bart@example.org');
  const { ports, sent } = portsOf();
  const flags = { pre_confirmed: true, pre_approved: true };
  const wish = {
    listid: list.list_id,
    deed: 'leave',
    email: 'bart@example.org',
    by: 'bart@example.org',
  } as const;
  expect(await doWish({ ...wish, ...flags }, 'token', ports)).toMatchObject({ kind: 'request' });
  const [message] = sent;
  if (message?.type !== 'subscription') throw new Error('No wish was sent');
  // Somebody comes back before the message comes.
  await world.member(list, 'bart@example.org', { member_id: 'a-new-one' });
  const before = sent.length;
  for (let times = 0; times < 2; times += 1) await runSubscription(message, ports);
  expect(await world.ports.store.members.get(list.list_id, 'member', 'bart@example.org')).toMatchObject({
    member_id: 'a-new-one',
  });
  const goodbyes = new Set(sent.filter(({ type }) => type === 'post').map(({ id }) => id));
  expect(before).toBeGreaterThan(1);
  expect(goodbyes.size).toBe(1);
});

it('the same wish by the same link has one id, and any other has another', () => {
  expect(wishIdOf('one', 'leave')).toBe(wishIdOf('one', 'leave'));
  const ids = [wishIdOf('one', 'leave'), wishIdOf('two', 'leave'), wishIdOf('one', 'accept')];
  expect(new Set(ids).size).toBe(3);
});
