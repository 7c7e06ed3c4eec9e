import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { stackName } from '../../infra/aws/names.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { type QueueName, queueNames } from '../../lib/queue/names.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import { CommandError, UsageError } from '../cli/errors.ts';
import type { Connection, Place, QueueDepth } from './connection.ts';
import { findLocalPlace } from './local-place.ts';

/** Which Belfry is meant. */
export interface Wanted {
  readonly local: boolean;
  readonly stack: string | undefined;
}

/** The local stack, when that is meant; undefined when it is AWS. */
export const findHere = ({ local, stack }: Wanted): Place | undefined => {
  if (local && stack !== undefined) throw new UsageError('--local and --stack exclude each other');
  const here = stack === undefined ? findLocalPlace(process.cwd()) : undefined;
  if (here === undefined && local) {
    throw new CommandError('No local stack runs here; start one with npm start');
  }
  return here;
};

const findPlace = async ({ local, stack }: Wanted): Promise<Place> => {
  const here = findHere({ local, stack });
  if (here !== undefined) return here;
  const { findAwsPlace } = await import('./aws-place.ts');
  return findAwsPlace(stack ?? stackName);
};

// The emulators take any credentials, but the SDK sends nothing without some.
const emulatorCredentials = { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } as const;

/** How a client of a service of a place is made. */
export const clientConfig = (place: Place, service: keyof Place['endpoints']) => {
  const endpoint = place.endpoints[service];
  return {
    ...(place.region === undefined ? {} : { region: place.region }),
    ...(endpoint === undefined ? {} : { endpoint, ...emulatorCredentials }),
  };
};

const readDepth = async (
  client: SQSClient,
  name: QueueName,
  url: string | undefined,
): Promise<QueueDepth> => {
  if (url === undefined) throw new CommandError(`It is not known where the queue "${name}" is`);
  const { GetQueueAttributesCommand } = await import('@aws-sdk/client-sqs');
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    name,
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    under_way: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
  };
};

/** Gives what a function makes, made at most once. */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

/** Connects to the local stack that runs here, or to the stack in AWS. */
export const connect = async (wanted: Wanted): Promise<Connection> => connectTo(await findPlace(wanted));

/** Connects to a place that is known. */
export const connectTo = (place: Place): Connection => {
  const dynamo = new DynamoDBClient(clientConfig(place, 'dynamodb'));
  const opened: { destroy: () => void }[] = [dynamo];
  const sqs = once(async () => {
    const { SQSClient: Client } = await import('@aws-sdk/client-sqs');
    const client = new Client(clientConfig(place, 'sqs'));
    opened.push(client);
    return client;
  });
  return {
    place,
    clock: systemClock,
    store: openStore(dynamo, place.table),
    blobs: once(async () => {
      const [{ S3Client }, { s3Blobs }] = await Promise.all([
        import('@aws-sdk/client-s3'),
        import('../../lib/blobs/s3-blobs.ts'),
      ]);
      const client = new S3Client({
        ...clientConfig(place, 's3'),
        // Host names of buckets resolve nowhere on this machine.
        forcePathStyle: place.endpoints.s3 !== undefined,
      });
      opened.push(client);
      return s3Blobs(client, place.bucket);
    }),
    queues: once(async () => {
      const { sqsQueues } = await import('../../lib/queue/sqs-queues.ts');
      return sqsQueues(await sqs(), place.queueUrls);
    }),
    sendBody: once(async () => {
      const { sendBodyBy } = await import('../../lib/queue/send-body.ts');
      return sendBodyBy(await sqs(), place.queueUrls);
    }),
    depths: async () => {
      const client = await sqs();
      return Promise.all(queueNames.map((name) => readDepth(client, name, place.queueUrls[name])));
    },
    close: () => {
      for (const client of opened) client.destroy();
    },
  };
};
