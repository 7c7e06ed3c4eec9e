import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import type { PostMessage } from '../../lib/queue/messages.ts';
import { sqsQueues } from '../../lib/queue/sqs-queues.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';

let emulators: Emulators;

beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.close());

const message = (number: number): PostMessage => ({
  v: 1,
  type: 'post',
  queue: 'pipeline',
  id: `post-${number}`,
  listid: 'ant.example.com',
});

/** Queues whose requests can be counted, and held back. */
const watched = (hold: (request: number) => Promise<void>) => {
  let requests = 0;
  const client = new SQSClient({
    region: 'us-east-1',
    endpoint: emulators.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      requests += 1;
      await hold(requests);
      return next(args);
    },
    { step: 'initialize' },
  );
  return { queues: sqsQueues(client, emulators.queueUrls), requests: () => requests };
};

const idsOn = async (): Promise<readonly string[]> =>
  (await emulators.receive('pipeline')).flatMap((one) => ('id' in one ? [one.id] : [])).sort();

it('puts many messages that come at the same time into few requests, and every one of them once', async () => {
  const { queues, requests } = watched(async () => {});
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  await Promise.all(numbers.map((number) => queues.send([message(number)])));
  expect(requests()).toBe(10);
  expect(await idsOn()).toEqual(numbers.map((number) => message(number).id).sort());
});

it('gathers what comes while a request is under way', async () => {
  // The patience of a message must not run out while this test waits for a busy machine.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const first = Promise.withResolvers<void>();
  const { queues, requests } = watched((request) => (request === 1 ? first.promise : Promise.resolve()));
  const alone = queues.send([message(1)]);
  await new Promise(setImmediate);
  const others: Promise<void>[] = [];
  for (const number of [2, 3, 4]) {
    others.push(queues.send([message(number)]));
    await new Promise(setImmediate);
  }
  first.resolve();
  await Promise.all([alone, ...others]);
  expect(requests()).toBe(2);
  expect(await idsOn()).toEqual(['post-1', 'post-2', 'post-3', 'post-4']);
});

it('does not let a message wait behind a request that hangs', async () => {
  const never = Promise.withResolvers<void>();
  const { queues } = watched((request) => (request === 1 ? never.promise : Promise.resolve()));
  const hanging = queues.send([message(1)]);
  await new Promise(setImmediate);
  await queues.send([message(2)]);
  expect(await idsOn()).toEqual(['post-2']);
  never.resolve();
  await hanging;
  expect(await idsOn()).toEqual(['post-1']);
});

it('takes any characters that a name can have, also such as SQS refuses', async () => {
  const { queues } = watched(async () => {});
  const odd = { ...message(1), id: 'ants 🐜 \ufffe\uffff\u0001\ud800"\\' };
  await queues.send([odd]);
  // Half of a surrogate pair is no character, but JSON can write it as an escape.
  expect(await emulators.receive('pipeline')).toEqual([odd]);
});
