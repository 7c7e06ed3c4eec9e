import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import type { Blobs } from '../../lib/blobs/blobs.ts';
import { s3Blobs } from '../../lib/blobs/s3-blobs.ts';
import { storeInParts } from '../../lib/blobs/store-in-parts.ts';
import { type QueueMessage, queueMessageSchema } from '../../lib/queue/messages.ts';
import { type QueueName, queueNames } from '../../lib/queue/names.ts';
import type { Queues } from '../../lib/queue/queue.ts';
import { sqsQueues } from '../../lib/queue/sqs-queues.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { Store } from '../../lib/store/store.ts';
import { storeTable } from './store-table.ts';

/** SQS, S3 and DynamoDB on this machine, with the table, bucket and queues of Belfry, and our own ports to them. */
export interface Emulators {
  /** Where SQS and S3 answer. */
  readonly endpoint: string;
  readonly dynamoEndpoint: string;
  readonly table: string;
  readonly bucket: string;
  readonly queueUrls: Readonly<Record<QueueName, string>>;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly queues: Queues;
  /** Takes what is on a queue now, and deletes it there. */
  readonly receive: (queue: QueueName) => Promise<readonly QueueMessage[]>;
  readonly close: () => Promise<void>;
}

const account = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

/** Starts the emulators on free ports of the loopback. */
export const startEmulators = async (): Promise<Emulators> => {
  const app = buildApp({ logger: false });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const dynamo = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  dynamo.listen(0, '127.0.0.1');
  await once(dynamo, 'listening');
  const { port } = dynamo.address() as AddressInfo;
  const dynamoEndpoint = `http://127.0.0.1:${port}`;

  const sqs = new SQSClient({ ...account, endpoint });
  const s3 = new S3Client({ ...account, endpoint, forcePathStyle: true });
  const ddb = new DynamoDBClient({ ...account, endpoint: dynamoEndpoint });

  const table = 'belfry-test';
  await ddb.send(new CreateTableCommand(storeTable(table)));
  while ((await ddb.send(new DescribeTableCommand({ TableName: table }))).Table?.TableStatus !== 'ACTIVE');
  const bucket = 'belfry-test';
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const urls = await Promise.all(
    queueNames.map(async (name) => {
      await sqs.send(new CreateQueueCommand({ QueueName: name }));
      return [name, `${endpoint}/000000000000/${name}`] as const;
    }),
  );
  const queueUrls = Object.fromEntries(urls) as Record<QueueName, string>;

  const receive = async (queue: QueueName): Promise<readonly QueueMessage[]> => {
    const found: QueueMessage[] = [];
    for (;;) {
      const QueueUrl = queueUrls[queue];
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return found;
      found.push(...Messages.map(({ Body = '' }) => queueMessageSchema.parse(JSON.parse(Body))));
      await sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
        }),
      );
    }
  };

  return {
    endpoint,
    dynamoEndpoint,
    table,
    bucket,
    queueUrls,
    store: openStore(ddb, table),
    blobs: s3Blobs(s3, bucket, storeInParts),
    queues: sqsQueues(sqs, queueUrls),
    receive,
    close: async () => {
      for (const client of [sqs, s3, ddb]) client.destroy();
      await app.close();
      await new Promise<void>((resolve) => dynamo.close(() => resolve()));
    },
  };
};
