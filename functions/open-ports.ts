import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Blobs } from '../lib/blobs/blobs.ts';
import { directBlobs } from '../lib/blobs/direct-blobs.ts';
import { s3Blobs } from '../lib/blobs/s3-blobs.ts';
import { type Clock, systemClock } from '../lib/clock/clock.ts';
import { readEnvironment } from '../lib/config/environment.ts';
import type { Site } from '../lib/config/site.ts';
import { type MailLog, mailLogTo } from '../lib/maillog/mail-log.ts';
import { directBatches } from '../lib/queue/direct-batches.ts';
import { queueNames } from '../lib/queue/names.ts';
import type { Queues } from '../lib/queue/queue.ts';
import { sqsQueues } from '../lib/queue/sqs-queues.ts';
import { directTable } from '../lib/store/direct-table.ts';

/** Everything a function reaches the world by, with as much of the store as it asks. Made once, when the function's module is loaded. */
export interface PortsWith<S> {
  readonly site: Site;
  readonly store: S;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: MailLog;
  readonly sqs: SQSClient;
  readonly queueUrl: (eventSourceArn: string) => string | undefined;
  /** Where the web pages are that mails link to. */
  readonly webUrl: string | undefined;
}

/** Why requests to AWS take the long way for a while: nothing has failed yet, but everything costs more. */
const tell = (problem: string): void => console.warn(JSON.stringify({ directRequests: problem }));

/** Opens the ports from the environment that `infra/aws` gave to the function. */
export const openPortsWith = <S>(openStore: (client: DynamoDBClient, table: string) => S): PortsWith<S> => {
  const { site, table, bucket, queueUrls, webUrl } = readEnvironment(process.env);
  // Lambda and the gateway both set the region and find the credentials by themselves. The path style is what an emulator
  // needs, and only an emulator is named by an endpoint of its own.
  const s3 = new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL_S3'] !== undefined });
  const sqs = new SQSClient({});
  return {
    site,
    store: openStore(directTable(new DynamoDBClient({}), table, { tell }), table),
    blobs: directBlobs(s3, bucket, s3Blobs(s3, bucket), { tell }),
    queues: sqsQueues(sqs, queueUrls, directBatches(sqs, { tell })),
    clock: systemClock,
    log: mailLogTo((line) => process.stdout.write(line)),
    sqs,
    webUrl,
    // The queue of an event source is one whose URL this function has; both end in the name of the queue.
    queueUrl: (arn) => {
      const name = arn.slice(arn.lastIndexOf(':') + 1);
      return queueNames.map((queue) => queueUrls[queue]).find((url) => url?.endsWith(`/${name}`));
    },
  };
};
