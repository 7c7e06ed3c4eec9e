import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { heldMailSchema } from '../held/held-mail.ts';
import { countersKey, heldKey, tokenIndex } from './keys.ts';
import type { Held } from './store.ts';
import { holds, indexName, isConditionFailed, queryItems, type Table } from './table.ts';

/** The held mails in DynamoDB: one partition for a list, sorted by number. */
export const heldIn = (table: Table): Held => ({
  takeNumber: async (listId) => {
    const { Attributes } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: countersKey(listId),
        UpdateExpression: 'ADD held_requests :one',
        ExpressionAttributeValues: { ':one': 1 },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return z.object({ held_requests: z.number() }).parse(Attributes).held_requests;
  },
  put: async (held) => {
    await holds(() =>
      table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...heldKey(held.list_id, held.request_id),
            gsi1pk: tokenIndex(held.token),
            gsi1sk: 'HELD',
            ...held,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
  },
  get: async (listId, requestId) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: heldKey(listId, requestId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : heldMailSchema.parse(Item);
  },
  byToken: async (token) => {
    const found = queryItems(table, heldMailSchema, {
      IndexName: indexName,
      KeyConditionExpression: 'gsi1pk = :token AND gsi1sk = :held',
      ExpressionAttributeValues: { ':token': tokenIndex(token), ':held': 'HELD' },
    });
    for await (const held of found) return held;
    return undefined;
  },
  ls: (listId, from = 0) =>
    queryItems(table, heldMailSchema, {
      KeyConditionExpression: 'pk = :list AND sk >= :from',
      ExpressionAttributeValues: { ':list': heldKey(listId, 0).pk, ':from': heldKey(listId, from).sk },
    }),
  claim: async (listId, requestId, by, now) => {
    const Key = heldKey(listId, requestId);
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key,
          ...(by === null
            ? {
                UpdateExpression: 'REMOVE claimed_by, claimed_at',
                ConditionExpression: 'attribute_exists(pk)',
              }
            : {
                UpdateExpression: 'SET claimed_by = :by, claimed_at = :now',
                ConditionExpression:
                  'attribute_exists(pk) AND (attribute_not_exists(claimed_by) OR claimed_by = :by)',
                ExpressionAttributeValues: { ':by': by, ':now': now.toISOString() },
              }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return heldMailSchema.parse(Attributes);
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : heldMailSchema.parse(Item);
  },
  remove: async (listId, requestId) => {
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: heldKey(listId, requestId) }));
  },
});
