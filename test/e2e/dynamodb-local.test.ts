import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { directTable } from '../../lib/store/direct-table.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import { storeTable } from '../harness/store-table.ts';
import { type OpenedStore, storeBehaves } from '../store/store-behaves.ts';
import { startDynamoDbLocal } from './dynamodb-local.ts';

// Every other test runs on an emulator that is not AWS's. What the store asks of DynamoDB is asked here of AWS's own, with
// TTL switched on as the template declares it.

const TableName = 'belfry-test';
const TimeToLiveSpecification = { AttributeName: 'expires', Enabled: true };

let client: DynamoDBClient;

const open = async (directly: boolean): Promise<OpenedStore> => {
  const local = await startDynamoDbLocal();
  client = new DynamoDBClient({
    endpoint: local.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(new CreateTableCommand(storeTable(TableName)));
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName });
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  const tell = (problem: string): never => {
    throw new Error(`It went by the SDK: ${problem}`);
  };
  return {
    store: openStore(directly ? directTable(client, TableName, { tell }) : client, TableName),
    close: async () => {
      client.destroy();
      await local.stop();
    },
  };
};

describe.each([
  { name: 'by the SDK', directly: false },
  { name: 'by requests of our own', directly: true },
])("the store in AWS's own DynamoDB Local, $name", ({ directly }) => {
  storeBehaves(() => open(directly));

  it('has a table that forgets by the attribute that the store writes', async () => {
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  });
});
