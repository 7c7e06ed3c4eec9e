import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { directBlobs } from '../lib/blobs/direct-blobs.ts';
import { s3Blobs } from '../lib/blobs/s3-blobs.ts';
import { storeInParts } from '../lib/blobs/store-in-parts.ts';
import { systemClock } from '../lib/clock/clock.ts';
import { readEnvironment } from '../lib/config/environment.ts';
import { mailLogTo } from '../lib/maillog/mail-log.ts';
import { directBatches } from '../lib/queue/direct-batches.ts';
import { sqsQueues } from '../lib/queue/sqs-queues.ts';
import { directNotes } from '../lib/store/direct-notes.ts';
import { openStore } from '../lib/store/dynamo-store.ts';
import belfry from '../package.json' with { type: 'json' };
import { startGateway } from './gateway.ts';

// The load balancer and ECS give the task 120 s to stop (design, section 6); what still runs at 110 s is dropped.
const graceSeconds = 110;

// A request that hangs must become a 451 long before the MTA gives up on the final dot (RFC 5321, section 4.5.3.2.6: 600 s).
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 60_000 };

const { site, table, bucket, queueUrls } = readEnvironment(process.env);

const readListen = (written: string): { host: string; port: number } => {
  const colon = written.lastIndexOf(':');
  const port = Number(written.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port))
    throw new Error(`BELFRY_LMTP must be host:port, not "${written}"`);
  return { host: written.slice(0, colon).replace(/^\[|\]$/g, ''), port };
};

const { GATEWAY_TLS_CERT: cert = '', GATEWAY_TLS_KEY: key = '' } = process.env;

const problem = (where: string, error: unknown): void => {
  const detail =
    error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) };
  process.stderr.write(
    `${JSON.stringify({ level: 'ERROR', at: new Date().toISOString(), where, ...detail })}\n`,
  );
};

/** Why requests to AWS take the long way for a while: nothing has failed yet, but mails cost more. */
const tell = (problem: string): void => {
  process.stderr.write(
    `${JSON.stringify({ level: 'WARN', at: new Date().toISOString(), where: 'gateway/direct-requests', problem })}\n`,
  );
};

// Emulators have no host names for buckets; AWS has, and the SDK's own environment variable tells which is meant.
const s3 = new S3Client({ requestHandler, forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined });
const sqs = new SQSClient({ requestHandler });
const dynamo = new DynamoDBClient({ requestHandler });
const store = openStore(dynamo, table);

const gateway = await startGateway({
  site,
  store: { ...store, arrivals: directNotes(dynamo, table, store.arrivals, { tell }) },
  blobs: directBlobs(s3, bucket, s3Blobs(s3, bucket, storeInParts), { tell }),
  queues: sqsQueues(sqs, queueUrls, directBatches(sqs, { tell })),
  clock: systemClock,
  maillog: mailLogTo((line) => process.stdout.write(line)),
  listen: readListen(process.env.BELFRY_LMTP ?? '0.0.0.0:24'),
  version: belfry.version,
  certificate: cert === '' || key === '' ? undefined : { cert, key },
  problem,
});

const shown = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;
process.stdout.write(
  `${JSON.stringify({ listening: { lmtp: shown(gateway.lmtp), health: shown(gateway.health) } })}\n`,
);

const stop = async (): Promise<void> => {
  await gateway.stop(graceSeconds);
  process.exit(0);
};
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // A second signal changes nothing: the first one's grace goes on.
    if (stopping) return;
    stopping = true;
    stop().catch((error: unknown) => {
      problem('gateway/stop', error);
      process.exit(1);
    });
  });
}
