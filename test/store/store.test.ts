import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe } from 'vitest';
import { directTable } from '../../lib/store/direct-table.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import { startEmulators } from '../harness/emulators.ts';
import { storeBehaves } from './store-behaves.ts';

// Here in dynalite; test/e2e/dynamodb-local.test.ts does the same in AWS's own DynamoDB Local.
describe('by the SDK', () => {
  storeBehaves(startEmulators);
});

describe('by requests of our own, as the functions ask', () => {
  storeBehaves(async () => {
    const { dynamoEndpoint, table, close } = await startEmulators();
    const client = new DynamoDBClient({
      endpoint: dynamoEndpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const tell = (problem: string): never => {
      throw new Error(`It went by the SDK: ${problem}`);
    };
    return { store: openStore(directTable(client, table, { tell }), table), close };
  });
});
