import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { userSchema } from '../users/user.ts';
import { userKey, usersIndex } from './keys.ts';
import type { Users } from './store.ts';
import { fieldChanges, holds, indexName, isConditionFailed, queryItems, type Table } from './table.ts';

/** The users in DynamoDB: one item for each. */
export const usersIn = (table: Table): Users => ({
  get: async (userId) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: userKey(userId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : userSchema.parse(Item);
  },
  create: (user) =>
    holds(() =>
      table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...userKey(user.user_id), gsi1pk: usersIndex, gsi1sk: user.user_id, ...user },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    ),
  set: async (userId, changes) => {
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: userKey(userId),
          ...fieldChanges(changes),
          ConditionExpression: 'attribute_exists(pk)',
          ReturnValues: 'ALL_NEW',
        }),
      );
      return userSchema.parse(Attributes);
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  },
  remove: async (userId) => {
    const { Attributes } = await table.client.send(
      new DeleteCommand({ TableName: table.name, Key: userKey(userId), ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  },
  ls: () =>
    queryItems(table, userSchema, {
      IndexName: indexName,
      KeyConditionExpression: 'gsi1pk = :users',
      ExpressionAttributeValues: { ':users': usersIndex },
    }),
});
