import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { shuntItemSchema } from '../posts/mail-record.ts';
import { shuntKey } from './keys.ts';
import type { Shunt } from './store.ts';
import { indexName, queryItems, type Table } from './table.ts';

/** The shunt in DynamoDB: items without expiry, found in the order of their times. */
export const shuntIn = (table: Table): Shunt => ({
  put: async (item) => {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...shuntKey(item.id), gsi1pk: 'SHUNT', gsi1sk: `${item.first_at}#${item.id}`, ...item },
      }),
    );
  },
  get: async (id) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: shuntKey(id), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : shuntItemSchema.parse(Item);
  },
  ls: () =>
    queryItems(table, shuntItemSchema, {
      IndexName: indexName,
      KeyConditionExpression: 'gsi1pk = :all',
      ExpressionAttributeValues: { ':all': 'SHUNT' },
    }),
  remove: async (id) => {
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: shuntKey(id) }));
  },
});
