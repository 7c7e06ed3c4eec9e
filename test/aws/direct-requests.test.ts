import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { directBlobs } from '../../lib/blobs/direct-blobs.ts';
import { s3Blobs } from '../../lib/blobs/s3-blobs.ts';
import type { Arrival } from '../../lib/posts/mail-record.ts';
import { directBatches } from '../../lib/queue/direct-batches.ts';
import { sqsQueues } from '../../lib/queue/sqs-queues.ts';
import { directNotes } from '../../lib/store/direct-notes.ts';
import { directTable } from '../../lib/store/direct-table.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { type AwsFront, type Fate, secret, startAwsFront } from './aws-front.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

interface World {
  readonly front: AwsFront;
  /** Does the thing once; gives what it was told. */
  readonly act: (name: string) => Promise<unknown>;
  /** How often it has been done, by what the emulator has. */
  readonly done: (name: string) => Promise<number>;
  /** Why requests rested. */
  readonly told: readonly string[];
}

interface Options {
  readonly restMs?: number;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly systemClockOffset?: number;
}

const arrival = (digest: string, id: string): Arrival => ({
  digest,
  id,
  list_id: 'ant.example.com',
  blob: `transit/mail/${id}`,
  first_at: new Date().toISOString(),
  repeats: 0,
});
let numbered = 1;
const post = {
  list_id: 'bee.example.com',
  at: new Date().toISOString(),
  message_id: '<bee@example.com>',
  subject: 'Bees',
};
const nextWeek = new Date(Date.now() + 7 * 86_400_000);

/** A front, and a client before it that retries without waiting. */
const open = async (emulator: string, options: Options) => {
  const { restMs = 60_000, secretAccessKey = secret, sessionToken, systemClockOffset = 0 } = options;
  const front = await startAwsFront(emulator);
  onTestFinished(() => front.close());
  const told: string[] = [];
  const client = {
    region: 'eu-central-1',
    endpoint: front.endpoint,
    systemClockOffset,
    maxAttempts: 1,
    credentials: {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
  };
  const direct = { tell: (problem: string) => told.push(problem), restMs, patienceMs: 500 };
  return { front, told, client, direct };
};

const kinds: Readonly<Record<string, (options: Options) => Promise<World>>> = {
  'the bytes of a mail': async (options) => {
    const { front, told, client, direct } = await open(emulators.endpoint, options);
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    const blobs = directBlobs(s3, emulators.bucket, s3Blobs(s3, emulators.bucket), direct);
    return {
      front,
      told,
      act: (name) =>
        blobs.put(`transit/mail/${name}`, Buffer.from(`Subject: ${name}\r\n\r\n\0\xff`, 'latin1')),
      done: async (name) => {
        const bytes = await emulators.blobs.get(`transit/mail/${name}`);
        return bytes?.toString('latin1') === `Subject: ${name}\r\n\r\n\0\xff` ? 1 : 0;
      },
    };
  },
  'an arrival': async (options) => {
    const { front, told, client, direct } = await open(emulators.dynamoEndpoint, options);
    const dynamo = new DynamoDBClient(client);
    const { arrivals } = openStore(dynamo, emulators.table);
    const notes = directNotes(dynamo, emulators.table, arrivals, direct);
    return {
      front,
      told,
      act: (name) => notes.note(arrival(name, `first ${name}`), nextWeek),
      done: async (name) => ((await emulators.store.arrivals.get(name))?.id === `first ${name}` ? 1 : 0),
    };
  },
  'an item': async (options) => {
    const { front, told, client, direct } = await open(emulators.dynamoEndpoint, options);
    const dynamo = directTable(new DynamoDBClient(client), emulators.table, direct);
    const { posts } = openStore(dynamo, emulators.table);
    return {
      front,
      told,
      act: (id) => posts.note({ ...post, id, number: numbered++ }, nextWeek),
      done: async (id) => {
        let found = 0;
        for await (const one of emulators.store.posts.latest(post.list_id, new Date())) {
          if (one.id === id) found += 1;
        }
        return found;
      },
    };
  },
  'bytes that are read': async (options) => {
    const { front, told, client, direct } = await open(emulators.endpoint, options);
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    const blobs = directBlobs(s3, emulators.bucket, s3Blobs(s3, emulators.bucket), direct);
    const read = new Set<string>();
    return {
      front,
      told,
      act: async (name) => {
        const bytes = Buffer.from(`Subject: ${name}\r\n\r\n\0\xff`, 'latin1');
        await emulators.blobs.put(`transit/mail/${name}`, bytes);
        if ((await blobs.get(`transit/mail/${name}`))?.equals(bytes) === true) read.add(name);
      },
      done: async (name) => (read.has(name) ? 1 : 0),
    };
  },
  'a message': async (options) => {
    const { front, told, client, direct } = await open(emulators.endpoint, options);
    const sqs = new SQSClient(client);
    const queues = sqsQueues(sqs, emulators.queueUrls, directBatches(sqs, direct));
    return {
      front,
      told,
      act: (id) => queues.send([{ v: 1, type: 'post', queue: 'pipeline', id, listid: 'ant.example.com' }]),
      done: async (name) =>
        (await emulators.receive('pipeline')).filter((one) => 'id' in one && one.id === name).length,
    };
  },
};

const sent = (world: World): readonly string[] =>
  world.front.seen.map(({ bySdk }) => (bySdk ? 'by the SDK' : 'directly'));

describe.each(Object.entries(kinds))('%s', (kind, start) => {
  // Until it arrives, and what happens when it arrived and the reply did not.
  const failures: readonly { readonly fate: Fate; readonly arrived?: true; readonly says: RegExp }[] = [
    { fate: 400, says: /: 400 as it was told$/ },
    { fate: 403, says: /: 403 as it was told$/ },
    { fate: 500, says: /: 500 as it was told$/ },
    { fate: 503, says: /: 503 as it was told$/ },
    { fate: 307, says: /: 307 as it was told$/ },
    { fate: 204, says: /: 204 $/ },
    { fate: 'cut before it is read', says: /: socket hang up$/ },
    { fate: 'cut before the reply', arrived: true, says: /: socket hang up$/ },
    { fate: 'cut within the reply', arrived: true, says: /: aborted$/ },
    { fate: 'held', says: /: no sign of life for 500 ms$/ },
  ];

  it('goes directly, with a signature that AWS would find good', async () => {
    const world = await start({ sessionToken: 'IQoJb3JpZ2luX2VjE//+==' });
    const names = [randomUUID(), randomUUID()];
    for (const name of names) expect(await world.act(name)).toBeUndefined();
    expect(sent(world)).toEqual(['directly', 'directly']);
    for (const { headers } of world.front.seen) {
      expect(headers['x-amz-security-token']).toBe('IQoJb3JpZ2luX2VjE//+==');
      expect(headers.authorization).toMatch(/\/eu-central-1\/(s3|dynamodb|sqs)\/aws4_request, /);
    }
    expect(world.told).toEqual([]);
    expect(await world.done(names[0] ?? '')).toBe(1);
  });

  it('is signed with the time that the SDK has found out', async () => {
    const world = await start({ systemClockOffset: 86_400_000 * 400 });
    await world.act(randomUUID());
    const year = new Date(Date.now() + 86_400_000 * 400).getUTCFullYear();
    expect(world.front.seen[0]?.headers['x-amz-date']).toMatch(new RegExp(`^${year}`));
    expect(sent(world)).toEqual(['directly']);
  });

  it('fails as it does with the SDK when the secret is wrong', async () => {
    const world = await start({ secretAccessKey: 'guessed' });
    const name = randomUUID();
    await expect(world.act(name)).rejects.toThrow();
    expect(sent(world)).toEqual(['directly', 'by the SDK']);
    expect(world.told).toEqual([expect.stringMatching(/: 403 SignatureDoesNotMatch$/)]);
    expect(await world.done(name)).toBe(0);
  });

  it.each(failures)(
    'is done all the same when its first request meets $fate',
    async ({ fate, arrived, says }) => {
      const world = await start({});
      const [first, second] = [randomUUID(), randomUUID()];
      world.front.next(fate);
      expect(await world.act(first)).toBeUndefined();
      expect(await world.act(second)).toBeUndefined();
      // The second one need not find out for itself. An arrival that the SDK finds noted is read.
      const read = kind === 'an arrival' && arrived === true ? ['by the SDK'] : [];
      expect(sent(world)).toEqual(['directly', 'by the SDK', ...read, 'by the SDK']);
      expect(world.told).toEqual([expect.stringMatching(says)]);
      expect(await world.done(first)).toBe(kind === 'a message' && arrived === true ? 2 : 1);
    },
  );

  it('goes directly again after a rest', async () => {
    const world = await start({ restMs: 0 });
    world.front.next(503);
    for (const name of [randomUUID(), randomUUID()]) await world.act(name);
    expect(sent(world)).toEqual(['directly', 'by the SDK', 'directly']);
  });

  it('needs no rest when a kept connection turns out to be closed', async () => {
    const world = await start({});
    world.front.next('answered', 'cut before it is read');
    for (let time = 0; time < 3; time += 1) await world.act(randomUUID());
    expect(sent(world)).toEqual(['directly', 'directly', 'by the SDK', 'directly']);
    expect(world.told).toEqual([]);
  });

  it('is an error when the SDK fails as well', async () => {
    const world = await start({});
    world.front.next(503, 503);
    const name = randomUUID();
    await expect(world.act(name)).rejects.toThrow();
    expect(await world.done(name)).toBe(0);
  });
});

it('tells a repeated arrival of the first, and goes on directly', async () => {
  const { front, told, client, direct } = await open(emulators.dynamoEndpoint, {});
  const dynamo = new DynamoDBClient(client);
  const notes = directNotes(dynamo, emulators.table, openStore(dynamo, emulators.table).arrivals, direct);
  const first = arrival(randomUUID(), 'first');
  expect(await notes.note(first, nextWeek)).toBeUndefined();
  expect(await notes.note(arrival(first.digest, 'second'), nextWeek)).toEqual(first);
  expect(await notes.note(arrival(randomUUID(), 'third'), nextWeek)).toBeUndefined();
  expect(front.seen.at(-1)?.headers['amz-sdk-invocation-id']).toBeUndefined();
  expect(told).toEqual([]);
});

it('says of a condition that does not hold what the SDK says, and goes on directly', async () => {
  const { front, told, client, direct } = await open(emulators.dynamoEndpoint, {});
  const { arrivals } = openStore(
    directTable(new DynamoDBClient(client), emulators.table, direct),
    emulators.table,
  );
  const first = arrival(randomUUID(), 'first');
  expect(await arrivals.note(first, nextWeek)).toBeUndefined();
  expect(await arrivals.note(arrival(first.digest, 'second'), nextWeek)).toMatchObject({ id: 'first' });
  expect(front.seen.filter(({ bySdk }) => bySdk)).toEqual([]);
  expect(told).toEqual([]);
});

it.each(['OK', '[', '{"Item":{"pk":"bare"}}'])(
  'does not believe that an item was read because DynamoDB says 200 and %s',
  async (says) => {
    const { front, client, direct } = await open(emulators.dynamoEndpoint, {});
    const { arrivals } = openStore(
      directTable(new DynamoDBClient(client), emulators.table, direct),
      emulators.table,
    );
    const first = arrival(randomUUID(), 'first');
    await emulators.store.arrivals.note(first, nextWeek);
    front.next({ says });
    expect(await arrivals.get(first.digest)).toMatchObject({ id: 'first' });
    expect(front.seen.map(({ bySdk }) => bySdk)).toEqual([false, true]);
  },
);

it('says that there are no bytes where there are none, and goes on directly', async () => {
  const { front, told, client, direct } = await open(emulators.endpoint, {});
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const blobs = directBlobs(s3, emulators.bucket, s3Blobs(s3, emulators.bucket), direct);
  expect(await blobs.get('transit/mail/nothing')).toBeUndefined();
  await emulators.blobs.put('transit/mail/a b+c&d=é', Buffer.alloc(0));
  expect(await blobs.get('transit/mail/a b+c&d=é')).toEqual(Buffer.alloc(0));
  expect(front.seen.at(-1)?.bySdk).toBe(false);
  expect(told).toEqual([]);
});

it('lets the SDK send a batch again of which SQS took a part', async () => {
  const { front, client, direct } = await open(emulators.endpoint, {});
  const sqs = new SQSClient(client);
  const send = directBatches(sqs, direct);
  const entry = (Id: string, MessageBody: string) => ({ Id, MessageBody, MessageGroupId: 'ant.example.com' });
  // Characters that SQS refuses (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html).
  const answer = await send(emulators.queueUrls.bounces, [entry('0', '{}'), entry('1', '\u0001')]);
  expect(answer.Failed?.map(({ Id }) => Id)).toEqual(['1']);
  expect(front.seen.map(({ headers }) => headers['amz-sdk-invocation-id'] !== undefined)).toEqual([
    false,
    true,
  ]);
});

it.each([
  'OK',
  '{}',
  '{"Successful":[]}',
  '{"Successful":[{"Id":"0","MessageId":"m","MD5OfMessageBody":"00000000000000000000000000000000"}]}',
])('does not believe that SQS has a message because it says 200 and %s', async (says) => {
  const { front, told, client, direct } = await open(emulators.endpoint, {});
  const sqs = new SQSClient(client);
  front.next({ says });
  const id = randomUUID();
  await sqsQueues(sqs, emulators.queueUrls, directBatches(sqs, direct)).send([
    { v: 1, type: 'post', queue: 'pipeline', id, listid: 'ant.example.com' },
  ]);
  expect(await emulators.receive('pipeline')).toEqual([expect.objectContaining({ id })]);
  expect(told).toEqual([]);
});

it('stores a key of any characters where the SDK would', async () => {
  const { client, direct, front } = await open(emulators.endpoint, {});
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const key = `transit/mail/a b+c&d=é'(*)!~%2F?#:@$,;`;
  await directBlobs(s3, emulators.bucket, s3Blobs(s3, emulators.bucket), direct).put(
    key,
    Buffer.from('here'),
  );
  expect(front.seen).toHaveLength(1);
  expect(String(await emulators.blobs.get(key))).toBe('here');
});
