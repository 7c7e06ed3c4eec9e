import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { BouncePorts } from '../../lib/runners/bounce-ports.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { BounceWorld } from './bounce-world.ts';

/** The error with which a process dies in these tests. */
class Death extends Error {
  override readonly name = 'Death';
}

/** Ports of a process that dies. */
export interface MortalPorts {
  readonly ports: BouncePorts;
  /** How many calls were made. */
  readonly calls: () => number;
  readonly close: () => void;
}

/**
 * Ports by which a process dies right after its n-th call of DynamoDB, S3 and SQS, counted from 0. To have died before a call is to have died after the one
 * before it: nothing that lasts happens in between. To die before the first is never to have run.
 */
export const mortalPorts = ({ ports, dynamoEndpoint, table }: BounceWorld, at: number): MortalPorts => {
  let calls = 0;
  let dead = false;
  const call = async <T>(made: () => Promise<T>): Promise<T> => {
    if (dead) throw new Death();
    const fatal = calls === at;
    calls += 1;
    const [outcome] = await Promise.allSettled([made()]);
    dead ||= fatal;
    // The dead take no answer, and no refusal either.
    if (dead) throw new Death();
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  };
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: dynamoEndpoint,
    maxAttempts: 1,
  });
  client.middlewareStack.add((next) => (args) => call(() => next(args)), { step: 'initialize' });
  const { blobs, queues } = ports;
  return {
    ports: {
      ...ports,
      store: openStore(client, table),
      blobs: {
        get: (key) => call(() => blobs.get(key)),
        put: (key, bytes) => call(() => blobs.put(key, bytes)),
      },
      queues: { send: (messages, options) => call(() => queues.send(messages, options)) },
    },
    calls: () => calls,
    close: () => client.destroy(),
  };
};

/** Does something that may die of its ports. */
export const mayDie = async (deed: Promise<unknown>): Promise<void> => {
  try {
    await deed;
  } catch (error) {
    if (!(error instanceof Death)) throw error;
  }
};
