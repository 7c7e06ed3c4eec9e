import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModerationMessage } from '../../lib/queue/messages.ts';
import { runScheduled } from '../../lib/runners/scheduled.ts';
import { bounceNoteKey } from '../../lib/store/keys.ts';
import { type HeldWorld, openHeldWorld } from './held-world.ts';

let world: HeldWorld;
beforeAll(async () => {
  world = await openHeldWorld();
});
afterAll(() => world.close());

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

const wishes = async (): Promise<readonly ModerationMessage[]> =>
  (await world.receive('command')).flatMap((message) => (message.type === 'moderation' ? [message] : []));

it('ends the holds that are older than their list wants, and no others', async () => {
  const five = await world.list({ max_days_to_hold: 5 });
  const forever = await world.list({ max_days_to_hold: 0 });
  await world.list({ max_days_to_hold: 1 });
  const old = [];
  for (const days of [30, 6, 5.01]) {
    old.push(await world.hold(five, world.mail, { decided_at: daysAgo(days) }));
  }
  const young = await world.hold(five, world.mail, { decided_at: daysAgo(4.99) });
  const kept = await world.hold(forever, world.mail, { decided_at: daysAgo(1000) });
  await world.member(five, 'olga@example.org', { role: 'owner' });

  await runScheduled(world.ports);
  const sent = await wishes();
  expect(sent.map(({ id }) => id).toSorted()).toEqual(old.map(({ mail_id }) => mail_id).toSorted());
  for (const wish of sent) expect(wish).toMatchObject({ deed: 'discard', by: 'expired' });

  // The clock strikes again before the first wishes were done.
  await runScheduled(world.ports);
  for (const wish of [...sent, ...(await wishes())]) await world.moderate(wish);
  expect((await world.notices()).map(({ to }) => to)).toEqual(old.map(() => ['olga@example.org']));
  for (const { mail_id } of old) {
    expect((await world.recordOf(mail_id)).moderation).toMatchObject({ deed: 'discard', by: 'expired' });
  }
  for (const held of [young, kept]) {
    expect(await world.store.held.get(held.list_id, held.request_id)).toEqual(held);
  }
  await runScheduled(world.ports);
  expect(await wishes()).toEqual([]);
});

it('does what is due on the other lists when one has something that nobody can read, and says so', async () => {
  const lists = [];
  for (let count = 0; count < 3; count += 1) lists.push(await world.list({ max_days_to_hold: 5 }));
  const held = [];
  for (const list of lists) held.push(await world.hold(list, world.mail, { decided_at: daysAgo(6) }));
  // Lists are read in the order of their ids: there is one before it, and one behind it.
  const { list_id } = lists[1] ?? {};
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: world.dynamoEndpoint,
  });
  const note = bounceNoteKey({ list_id: list_id ?? '', day: '2020-01-01', kind: 'blocked', id: 'x' });
  const key = { pk: { S: note.pk }, sk: { S: note.sk } };
  await client.send(new PutItemCommand({ TableName: world.table, Item: key }));
  await expect(runScheduled(world.ports)).rejects.toThrow(list_id);
  await client.send(new DeleteItemCommand({ TableName: world.table, Key: key }));
  client.destroy();
  const sent = await wishes();
  expect(sent.map(({ id }) => id).toSorted()).toEqual(held.map(({ mail_id }) => mail_id).toSorted());
  for (const wish of sent) await world.moderate(wish);
});

it('does not overrule a moderator who was faster', async () => {
  const list = await world.list({ max_days_to_hold: 5 });
  const held = await world.hold(list, world.mail, { decided_at: daysAgo(6) });
  await runScheduled(world.ports);
  await world.moderate(world.wish(held));
  await world.notices();
  for (const wish of await wishes()) await world.moderate(wish);
  expect((await world.recordOf(held.mail_id)).moderation).toMatchObject({ deed: 'accept' });
  expect(await world.notices()).toEqual([]);
});

it('ends 1,000 holds at once', async () => {
  const list = await world.list({ max_days_to_hold: 1 });
  for (let at = 0; at < 1000; at += 50) {
    await Promise.all(
      Array.from({ length: 50 }, () => world.hold(list, world.mail, { decided_at: daysAgo(2) })),
    );
  }
  await runScheduled(world.ports);
  expect(new Set((await wishes()).map(({ request_id }) => request_id)).size).toBe(1000);
}, 300_000);
