import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { s3Blobs } from '../../lib/blobs/s3-blobs.ts';
import { storeInParts } from '../../lib/blobs/store-in-parts.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { queueNames } from '../../lib/queue/names.ts';
import { sqsQueues } from '../../lib/queue/sqs-queues.ts';
import { runBounce } from '../../lib/runners/bounce.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import { type BounceWorld, openBounceWorld, report } from '../../test/runners/bounce-world.ts';
import { progress } from '../report/results.ts';
import { startMeter } from './aws-meter.ts';
import { dollarsOf, type Priced } from './price-post.ts';

const account = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

/** What so many bounces of one kind used and cost, from the queue `bounces` on. */
export interface PricedBounces extends Omit<Priced, 'members'> {
  readonly kind: string;
  readonly count: number;
}

const unknown = Buffer.from(
  'From: anne@example.org\r\nTo: ant-bounces@example.com\r\nSubject: Hello\r\n\r\nThis is no report that anybody knows.\r\n',
);

const delayed = { status: '4.2.2', said: '452 4.2.2 Mailbox full', action: 'delayed' };

type Make = (number: number) => Buffer;

/** What is priced: every bounce is about another member of one list, to whom a post went. */
const kinds = (addressOf: (number: number) => string): readonly (readonly [string, Make])[] => [
  ['scores', (number) => report(addressOf(number))],
  ['another of that day', (number) => report(addressOf(number))],
  ['does not score (a delay)', (number) => report(addressOf(number), delayed)],
  ['is not recognised', () => unknown],
];

/** A world with its ports behind a meter. */
const metered = async (world: BounceWorld) => {
  const meter = await startMeter();
  meter.standBefore({ sqs: world.endpoint, s3: world.endpoint, dynamodb: world.dynamoEndpoint });
  const dynamo = new DynamoDBClient({ ...account, endpoint: meter.endpoints.dynamodb });
  const s3 = new S3Client({ ...account, endpoint: meter.endpoints.s3, forcePathStyle: true });
  const sqs = new SQSClient({ ...account, endpoint: meter.endpoints.sqs });
  const urls = queueNames.map((name) => [name, `${meter.endpoints.sqs}/000000000000/${name}`] as const);
  const ports = {
    ...world.ports,
    store: openStore(dynamo, world.table),
    blobs: s3Blobs(s3, world.bucket, storeInParts),
    queues: sqsQueues(sqs, Object.fromEntries(urls) as Record<(typeof queueNames)[number], string>),
  };
  const close = async () => {
    for (const client of [dynamo, s3, sqs]) client.destroy();
    await meter.stop();
  };
  return { meter, ports, close };
};

/** The price of bounces that came by mail: one that scores, one that does not, one that nobody recognises. */
export const priceBounces = async (count: number): Promise<readonly PricedBounces[]> => {
  const world = await openBounceWorld();
  const { meter, ports, close } = await metered(world);
  const addressOf = (number: number): string => `m${number}@example${number % 50}.org`;
  try {
    const list: MailingList = await world.list();
    for (let number = 0; number < count; number += 1) await world.member(list, addressOf(number));
    await world.member(list, 'olga@example.net', { role: 'owner' });
    await world.post(list);
    const priced: PricedBounces[] = [];
    for (const [kind, make] of kinds(addressOf)) {
      progress(`the price of a bounce that ${kind}`);
      const messages = [];
      for (let number = 0; number < count; number += 1) {
        messages.push(await world.arriveBounce(list, make(number)));
      }
      const logged = world.lines.length;
      meter.read();
      const began = performance.now();
      for (const message of messages) await runBounce(message, ports);
      const milliseconds = performance.now() - began;
      const read = meter.read();
      const lines = world.lines.slice(logged);
      const used = {
        ...read,
        // Each came by the queue: the gateway's request to send it, and those to receive and delete it, are reckoned with the others.
        sqsSends: read.sqsSends + count,
        sqsMessages: read.sqsMessages + count,
        milliseconds,
        invocations: count,
        logBytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0),
        logLines: lines.length,
      };
      const dollars = dollarsOf(used, world.site.functions.memory);
      const total = Object.values(dollars).reduce((sum, part) => sum + part, 0);
      priced.push({ kind, count, used, dollars, total });
    }
    return priced;
  } finally {
    await close();
    await world.close();
  }
};
