import { randomUUID } from 'node:crypto';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrivedKey, shuntedKey } from '../../lib/blobs/keys.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { MailMessage, QueueMessage } from '../../lib/queue/messages.ts';
import { redrive } from '../../lib/runners/redrive.ts';
import { shunt } from '../../lib/runners/shunt.ts';
import { type Belfry, startBelfry } from './belfry.ts';

let belfry: Belfry;
beforeAll(async () => {
  belfry = await startBelfry();
});
afterAll(() => belfry.close());

const run = (...args: readonly string[]) => belfry.run(args);
const sendBody = (): Promise<void> => Promise.reject(new Error('Only events of Amazon SES are sent so'));
const bytes = Buffer.from('Subject: x\r\n\r\nbody\r\n');

/** A mail that arrived, as the message on `in`. */
const arrived = async (): Promise<MailMessage> => {
  const id = randomUUID();
  await belfry.emulators.blobs.put(arrivedKey(id), bytes);
  return {
    v: 1,
    type: 'mail',
    queue: 'in',
    id,
    listid: 'ant.example.com',
    blob: arrivedKey(id),
    messageId: '<x@example.org>',
    envelope: { sender: 'a@example.org', recipient: 'ant@example.com' },
    metadata: { original_size: bytes.length, received_time: '2026-01-01T00:00:00.000Z', to_list: true },
  };
};

const toShunt = async (message: QueueMessage | string): Promise<string> => {
  const { store, blobs } = belfry.emulators;
  const known = new Set(await shuntedIds());
  await shunt(
    {
      queue: 'dead',
      body: typeof message === 'string' ? message : JSON.stringify(message),
      reason: 'A defect of ours.',
      stack: 'Error: here',
    },
    { store, blobs, clock: systemClock, log: mailLogTo(() => undefined) },
  );
  const [id] = (await shuntedIds()).filter((one) => !known.has(one));
  if (id === undefined) throw new Error('Nothing was shunted');
  return id;
};

/** What is on a queue, as it stands there. */
const bodiesOn = async (queue: 'bounces'): Promise<readonly string[]> => {
  const { endpoint, queueUrls } = belfry.emulators;
  const sqs = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrls[queue], MaxNumberOfMessages: 10 }),
  );
  sqs.destroy();
  return Messages.map(({ Body = '' }) => Body);
};

const shuntedIds = async (): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const { id } of belfry.emulators.store.shunt.ls()) ids.push(id);
  return ids;
};

describe('queue ls and show', () => {
  it('tells how much waits in each queue, and why what is in the shunt is there', async () => {
    const empty = await run('queue', 'ls');
    expect(empty.stdout).toMatch(/^queue +waiting +under way +delayed\nin +0 +0 +0\n/);
    expect(empty.stdout).toMatch(/\n\nThe shunt is empty\.\n$/);

    const message = await arrived();
    await belfry.emulators.queues.send([message, message]);
    const id = await toShunt(message);
    const { status, stdout } = await run('queue', 'ls');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^in +2 +0 +0$/m);
    expect(stdout).toContain('In the shunt: 1\n');
    expect(stdout).toMatch(new RegExp(`^${id}  \\S+  in  ant\\.example\\.com\\n  A defect of ours\\.$`, 'm'));

    const json = JSON.parse((await run('queue', 'ls', '--json')).stdout);
    expect(json.queues[0]).toEqual({ name: 'in', waiting: 2, under_way: 0, delayed: 0 });
    expect(json.shunt).toMatchObject([{ id, queue: 'in', reason: 'A defect of ours.' }]);

    await belfry.emulators.receive('in');
    await run('queue', 'drop', id);
  });

  it('shows an item whole, and its mail', async () => {
    const message = await arrived();
    const id = await toShunt(message);
    const { stdout } = await run('queue', 'show', id);
    expect(stdout).toMatch(/^reason +A defect of ours\.$/m);
    expect(stdout).toContain('"sender": "a@example.org"');
    expect(stdout).toContain('Error: here');
    expect(JSON.parse((await run('queue', 'show', id, '--json')).stdout)).toMatchObject({ id, message });
    expect((await run('queue', 'show', id, '--mail')).stdout).toBe(bytes.toString());
    await run('queue', 'drop', id);
    expect(await run('queue', 'show', id)).toEqual({
      status: 1,
      stdout: '',
      stderr: `belfry: There is no item ${id} in the shunt\n`,
    });
  });
});

describe('delivery that is parked', () => {
  it('is shown with its reason, and goes on when it is resumed', async () => {
    const { parking } = belfry.emulators.store;
    expect(await run('queue', 'resume', 'out')).toMatchObject({ status: 0, stdout: 'Nothing is parked.\n' });
    const since = '2026-01-01T12:00:00.000Z';
    const until = '2026-01-01T12:15:00.000Z';
    await parking.park({ reason: '535 5.7.8 Who are you?', now: new Date(since), until: new Date(until) });
    expect((await run('queue', 'ls')).stdout).toContain(
      `\n\nDelivery is parked since ${since}: 535 5.7.8 Who are you?; nobody is tried before ${until}, and nobody's time runs on.\nTo go on at once: npx belfry queue resume out\n`,
    );
    expect(JSON.parse((await run('queue', 'ls', '--json')).stdout).parked).toEqual({
      reason: '535 5.7.8 Who are you?',
      since,
      until,
    });
    expect((await run('queue', 'resume', 'out')).stdout).toBe(
      `Delivery goes on; it was parked since ${since}.\n`,
    );
    expect(await parking.read()).toBeUndefined();
    expect((await run('queue', 'ls')).stdout).not.toContain('parked');
  });

  it('can be no other queue', async () => {
    const { status, stderr } = await run('queue', 'resume', 'in');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^belfry: Only the queue out can be parked, not "in"; see /);
  });
});

describe('queue redrive', () => {
  it('puts a message on its queue again, with its bytes, and takes it out of the shunt', async () => {
    const message = await arrived();
    const id = await toShunt(message);
    // The lifecycle of the bucket has removed the bytes in transit meanwhile.
    await belfry.emulators.blobs.remove(message.blob);
    expect(await run('queue', 'redrive', id)).toEqual({
      status: 0,
      stdout: `${id} is on the queue in again.\n`,
      stderr: '',
    });
    expect(await belfry.emulators.receive('in')).toEqual([message]);
    expect(await belfry.emulators.blobs.get(message.blob)).toEqual(bytes);
    expect(await belfry.emulators.blobs.get(shuntedKey(id))).toBeUndefined();
    expect(await shuntedIds()).toEqual([]);
  });

  it('redrives everything, but for what cannot be, which stays with its reason', async () => {
    const message = await arrived();
    const id = await toShunt(message);
    const unreadable = await toShunt('{"v": 99}');
    const post = await toShunt({
      v: 1,
      type: 'post',
      queue: 'pipeline',
      id: 'gone',
      listid: 'ant.example.com',
    });
    const chunk = await toShunt({
      v: 1,
      type: 'chunk',
      queue: 'out',
      id: 'gone',
      listid: 'ant.example.com',
      roster: 'r',
      chunk: 0,
      attempt: 0,
      sender: 'ant-bounces@example.com',
      plan: {
        personalize: 'none',
        verp: false,
        decorate: true,
        voice: 'post',
        list: { address: 'ant@example.com', name: 'Ant' },
      },
    });
    const { status, stdout, stderr } = await run('queue', 'redrive', '--all');
    expect(status).toBe(1);
    expect(stdout).toBe(`${id} is on the queue in again.\n`);
    expect(stderr.trim().split('\n').toSorted()).toEqual(
      [
        `belfry: ${unreadable}: This version of Belfry cannot read the message, so that it can only be dropped`,
        `belfry: ${post}: What was decided about this mail has expired, so that no post can be made of it`,
        `belfry: ${chunk}: The post or its roster has expired, so that it cannot be sent any more`,
      ].toSorted(),
    );
    expect(await belfry.emulators.receive('in')).toEqual([message]);
    expect((await shuntedIds()).toSorted()).toEqual([unreadable, post, chunk].toSorted());
    await run('queue', 'drop', '--all');
  });

  const about = { v: 1, listid: 'ant.example.com' } as const;
  const at = '2026-01-01T00:00:00.000Z';
  it.each<QueueMessage>([
    {
      ...about,
      type: 'subscription',
      queue: 'command',
      id: 'wish-1',
      at,
      deed: 'join',
      by: 'command line',
      email: 'a@example.org',
    },
    {
      ...about,
      type: 'address-change',
      queue: 'command',
      id: 'move-1',
      at,
      from: 'a@example.org',
      to: 'b@example.org',
    },
    {
      ...about,
      type: 'bounce-warning',
      queue: 'bounces',
      id: 'warning-1',
      at,
      email: 'a@example.org',
      member_id: 'm1',
      number: 1,
    },
    {
      ...about,
      type: 'bounce-summary',
      queue: 'bounces',
      id: 'summary-1',
      day: '2026-01-01',
      kind: 'blocked',
    },
    {
      ...about,
      type: 'refusals',
      queue: 'bounces',
      id: 'post-1',
      at,
      roster: 'r',
      chunk: 0,
      attempt: 0,
      refused: [{ recipient: 'a@example.org', reply: '550 5.1.1' }],
    },
  ])('puts a message of type $type on its queue again, which is about no bytes', async (message) => {
    const id = await toShunt(message);
    expect(await run('queue', 'redrive', id)).toMatchObject({ status: 0, stderr: '' });
    expect(await belfry.emulators.receive(message.queue)).toEqual([message]);
    expect(await shuntedIds()).toEqual([]);
  });

  it('puts an event of Amazon SES on its queue again, as SES wrote it', async () => {
    const event = JSON.stringify({
      eventType: 'Complaint',
      mail: { timestamp: at, messageId: 'ses-1', destination: ['a@example.org'], tags: {} },
      complaint: { complainedRecipients: [{ emailAddress: 'a@example.org' }], timestamp: at },
    });
    const id = await toShunt(event);
    expect(await run('queue', 'redrive', id)).toEqual({
      status: 0,
      stdout: `${id} is on the queue bounces again.\n`,
      stderr: '',
    });
    expect(await bodiesOn('bounces')).toEqual([event]);
    expect(await shuntedIds()).toEqual([]);
  });

  it('loses nothing when the message fails again before the redrive is through', async () => {
    const message = await arrived();
    const id = await toShunt(message);
    const item = await belfry.emulators.store.shunt.get(id);
    if (item === undefined) throw new Error('It is not in the shunt');
    const again: string[] = [];
    await redrive(item, {
      ...belfry.emulators,
      sendBody,
      queues: {
        send: async (messages) => {
          await belfry.emulators.queues.send(messages);
          again.push(await toShunt(message));
        },
      },
    });
    expect(await shuntedIds()).toEqual(again);
    expect((await run('queue', 'show', again[0] ?? '', '--mail')).stdout).toBe(bytes.toString());
    await belfry.emulators.receive('in');
    await run('queue', 'drop', '--all');
  });

  it('keeps the item when the queue does not take the message', async () => {
    const message = await arrived();
    const item = await belfry.emulators.store.shunt.get(await toShunt(message));
    if (item === undefined) throw new Error('It is not in the shunt');
    const failing = redrive(item, {
      ...belfry.emulators,
      sendBody,
      queues: { send: () => Promise.reject(new Error('SQS is away')) },
    });
    await expect(failing).rejects.toThrow('SQS is away');
    const kept = await shuntedIds();
    expect(kept).toHaveLength(1);
    expect((await run('queue', 'redrive', ...kept)).status).toBe(0);
    expect(await belfry.emulators.receive('in')).toEqual([message]);
    expect(await shuntedIds()).toEqual([]);
  });
});

describe('queue drop', () => {
  it('throws an item away with its mail', async () => {
    const id = await toShunt(await arrived());
    expect(await run('queue', 'drop', id)).toEqual({ status: 0, stdout: `${id} is dropped.\n`, stderr: '' });
    expect(await shuntedIds()).toEqual([]);
    expect(await belfry.emulators.blobs.get(shuntedKey(id))).toBeUndefined();
  });

  it('does nothing when one of the ids is wrong, or none is named', async () => {
    const id = await toShunt(await arrived());
    expect(await run('queue', 'drop', id, 'nonsense')).toMatchObject({
      status: 1,
      stderr: 'belfry: There is no item nonsense in the shunt\n',
    });
    expect(await run('queue', 'drop')).toMatchObject({ status: 2 });
    expect(await run('queue', 'drop', id, '--all')).toMatchObject({ status: 2 });
    expect(await shuntedIds()).toEqual([id]);
    await run('queue', 'drop', id);
  });
});
