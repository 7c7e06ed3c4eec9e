import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { bundleBootstrap } from '../../infra/local/assembly.ts';
import { openClients } from '../../infra/local/clients.ts';
import { startEmulators } from '../../infra/local/emulators/start.ts';
import { type EventSourceMapping, Poller } from '../../infra/local/events/poller.ts';
import { makeQueues } from '../../infra/local/resources/queues.ts';
import { RuntimeApi } from '../../infra/local/runtime/api.ts';
import { lambdaVariables } from '../../infra/local/runtime/function-environment.ts';
import { FunctionLog } from '../../infra/local/runtime/function-log.ts';
import { FunctionPool } from '../../infra/local/runtime/function-pool.ts';

const eventSchema = z.object({
  Records: z.array(z.object({ body: z.string(), attributes: z.record(z.string(), z.string()) })),
});

/** A function, a queue that feeds it and a queue for its dead letters, with a record of what was invoked. */
export interface Lab {
  readonly pool: FunctionPool;
  /** Starts the event source mapping. */
  readonly feed: () => Poller;
  readonly send: (body: string, group?: string) => Promise<void>;
  /** The bodies of each invocation, in the order in which they began. */
  readonly invoked: readonly (readonly string[])[];
  /** The attributes of the last record that was seen with a body. */
  readonly attributesOf: (body: string) => Readonly<Record<string, string>>;
  /** The most invocations that ran at one time. */
  readonly most: () => number;
  /** Lets go on what the handler waits for with `await gate()`. */
  readonly open: () => void;
  /** Waits for a message on the queue of dead letters; gives its body. */
  readonly dead: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** How a lab is set up. */
export interface LabOptions {
  /** The body of the handler: `record` is the first record and `receives` its number of receives; `gate()` waits for the test. */
  readonly handler: string;
  readonly mapping?: Partial<EventSourceMapping>;
  readonly timeoutMs?: number;
  readonly limit?: number;
  readonly maxReceives?: number;
}

const source = (handler: string, gate: string): string => `
  import { existsSync } from 'node:fs';
  const gate = async () => { while (!existsSync(${JSON.stringify(gate)})) await new Promise((r) => setTimeout(r, 5)); };
  export const handler = async (event, context) => {
    const record = event.Records[0];
    const receives = Number(record.attributes.ApproximateReceiveCount);
    ${handler}
  };
`;

const receiveDead = async (sqs: SQSClient, url: string): Promise<string> => {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 1 }),
    );
    for (const { Body = '' } of Messages) return Body;
  }
};

/** Sets up a lab; its queue hides messages for one second, the least that SQS can. */
export const openLab = async (options: LabOptions): Promise<Lab> => {
  const dir = mkdtempSync(join(tmpdir(), 'belfry-lab-'));
  const gate = join(dir, 'gate');
  const bootstrap = join(dir, 'bootstrap.mjs');
  await bundleBootstrap(bootstrap);
  mkdirSync(join(dir, 'bundle'));
  writeFileSync(join(dir, 'bundle', 'index.mjs'), source(options.handler, gate));

  const emulators = await startEmulators(() => {});
  const { sqs, s3, dynamo } = openClients(emulators.endpoints);
  const queue = (name: string, redrivePolicy?: object) => ({
    name,
    url: `${emulators.endpoints.sqs}/000000000000/${name}`,
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    visibilityMs: 1000,
    attributes: { VisibilityTimeout: '1' },
    redrivePolicy: redrivePolicy === undefined ? undefined : JSON.stringify(redrivePolicy),
  });
  const dead = queue('dead');
  const work = queue('work', { deadLetterTargetArn: dead.arn, maxReceiveCount: options.maxReceives ?? 10 });
  await makeQueues(sqs, [work, dead]);

  const api = new RuntimeApi();
  await api.start();
  const spec = {
    name: 'bellringer',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:bellringer',
    dir: join(dir, 'bundle'),
    handler: 'index.handler',
    memoryMiB: 128,
    timeoutMs: options.timeoutMs ?? 5000,
    environment: {},
  };
  const log = new FunctionLog(join(dir, 'log'), spec.name, () => {});
  const pool = new FunctionPool({
    spec,
    limit: options.limit ?? 1,
    environment: lambdaVariables(spec, 'us-east-1'),
    bootstrap,
    api,
    log,
  });
  await pool.start();

  const pollers: Poller[] = [];
  const invoked: string[][] = [];
  const attributes = new Map<string, Readonly<Record<string, string>>>();
  let running = 0;
  let most = 0;
  const invoke = async (event: string) => {
    const { Records } = eventSchema.parse(JSON.parse(event));
    invoked.push(Records.map(({ body }) => body));
    for (const record of Records) attributes.set(record.body, record.attributes);
    running += 1;
    most = Math.max(most, running);
    try {
      return await pool.invoke(event);
    } finally {
      running -= 1;
    }
  };
  return {
    pool,
    feed: () => {
      const poller = new Poller(
        {
          functionName: spec.name,
          queueUrl: work.url,
          queueArn: work.arn,
          region: 'us-east-1',
          visibilityMs: 1000,
          batchSize: 1,
          windowMs: 0,
          maximumConcurrency: options.limit ?? 1,
          reportsItemFailures: true,
          ...options.mapping,
        },
        { sqs, invoke, warn: () => {} },
      );
      pollers.push(poller);
      return poller;
    },
    send: async (body, group) => {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: work.url,
          MessageBody: body,
          ...(group === undefined ? {} : { MessageGroupId: group }),
        }),
      );
    },
    invoked,
    attributesOf: (body) => attributes.get(body) ?? {},
    most: () => most,
    open: () => writeFileSync(gate, ''),
    dead: () => receiveDead(sqs, dead.url),
    stop: async () => {
      await Promise.all(pollers.map((poller) => poller.stop()));
      await pool.stop();
      await api.stop();
      for (const client of [sqs, s3, dynamo]) client.destroy();
      await emulators.stop();
      await log.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
