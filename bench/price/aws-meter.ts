import { createServer, type IncomingMessage, request } from 'node:http';
import * as z from 'zod';
import type { Endpoints } from '../../infra/local/emulators/start.ts';
import { listenOnLoopback } from '../../infra/local/loopback.ts';
import { sqsRequestBytes } from './prices.ts';

/** What was used of AWS, in the units that AWS bills. */
export interface Used {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly s3Puts: number;
  readonly s3Gets: number;
  /** Requests that send to SQS, each counted once for every 64 KB. */
  readonly sqsSends: number;
  /** Messages that were sent, and the requests to receive and delete them: one each for every message, which is the most it can be. */
  readonly sqsMessages: number;
  /** All requests, whatever their kind. */
  readonly requests: number;
}

/** An AWS meter: stands before the emulators as an endpoint of each service, passes every request on, and counts. */
export interface AwsMeter {
  readonly endpoints: Endpoints;
  /** Tells where the emulators are; nothing may come before. */
  readonly standBefore: (emulators: Endpoints) => void;
  /** What was used since it was asked last. */
  readonly read: () => Used;
  readonly stop: () => Promise<void>;
}

const capacitySchema = z.object({ CapacityUnits: z.number() });
const answerSchema = z.looseObject({
  ConsumedCapacity: z.union([capacitySchema, z.array(capacitySchema)]).optional(),
});
const keySchema = z.looseObject({ pk: z.looseObject({ S: z.string() }) });
const itemSchema = z.looseObject({ ...keySchema.shape, gsi1pk: z.unknown().optional() });
const askedSchema = z.looseObject({ Item: itemSchema.optional(), Key: keySchema.optional() });
const sentSchema = z.looseObject({ Entries: z.array(z.unknown()) });

const reads = new Set(['GetItem', 'BatchGetItem', 'Query', 'Scan']);

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
};

/** Starts a meter. It is there before the emulators are, so that functions can be told of it when they start. */
export const startMeter = async (): Promise<AwsMeter> => {
  let emulators: Endpoints | undefined;
  const fresh = () => ({
    writeUnits: 0,
    readUnits: 0,
    s3Puts: 0,
    s3Gets: 0,
    sqsSends: 0,
    sqsMessages: 0,
    requests: 0,
  });
  let used = fresh();
  /** The keys of items that stand in the index too. */
  const indexed = new Set<string>();

  /** dynalite counts the table alone; AWS bills a write for the index as well, since it holds the whole item. */
  const writesOf = (asked: z.infer<typeof askedSchema>): number => {
    if (asked.Item?.gsi1pk !== undefined) indexed.add(asked.Item.pk.S);
    return indexed.has((asked.Item ?? asked.Key)?.pk.S ?? '') ? 2 : 1;
  };

  const noteDynamo = (operation: string, asked: unknown, answered: Buffer): void => {
    const { ConsumedCapacity = [] } = answerSchema.parse(JSON.parse(answered.toString()));
    const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
    if (reads.has(operation)) used.readUnits += units;
    else used.writeUnits += units * writesOf(askedSchema.parse(asked));
  };

  const noteSqs = (operation: string, body: Buffer): void => {
    if (operation !== 'SendMessageBatch') return;
    used.sqsSends += Math.ceil(body.length / sqsRequestBytes);
    used.sqsMessages += sentSchema.parse(JSON.parse(body.toString())).Entries.length;
  };

  const proxy = async (service: keyof Endpoints) => {
    const server = createServer((asked, reply) => {
      void (async () => {
        const given = await bodyOf(asked);
        const [api = '', operation = ''] = String(asked.headers['x-amz-target'] ?? '').split('.');
        const isDynamo = api.startsWith('DynamoDB');
        const question: unknown = isDynamo ? JSON.parse(given.toString()) : undefined;
        const passed = isDynamo
          ? Buffer.from(JSON.stringify(Object.assign({}, question, { ReturnConsumedCapacity: 'TOTAL' })))
          : given;
        const headers = { ...asked.headers, 'content-length': String(passed.length) };
        const onward = request(
          `${emulators?.[service]}${asked.url}`,
          { method: asked.method, headers },
          (answer) => {
            void bodyOf(answer).then((answered) => {
              used.requests += 1;
              const done = (answer.statusCode ?? 500) < 300;
              if (isDynamo && done) noteDynamo(operation, question, answered);
              else if (api === 'AmazonSQS' && done) noteSqs(operation, given);
              else if (api === '' && asked.method === 'GET') used.s3Gets += 1;
              else if (api === '' && asked.method === 'PUT') used.s3Puts += 1;
              reply.writeHead(answer.statusCode ?? 500, answer.headers).end(answered);
            });
          },
        );
        onward.on('error', () => reply.destroy());
        onward.end(passed);
      })();
    });
    const port = await listenOnLoopback(server);
    return { url: `http://127.0.0.1:${port}`, server };
  };

  const [sqs, s3, dynamodb] = await Promise.all([proxy('sqs'), proxy('s3'), proxy('dynamodb')]);
  return {
    endpoints: { sqs: sqs.url, s3: s3.url, dynamodb: dynamodb.url },
    standBefore: (there) => {
      emulators = there;
    },
    read: () => {
      const read = used;
      used = fresh();
      return read;
    },
    stop: async () => {
      for (const { server } of [sqs, s3, dynamodb]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
};
