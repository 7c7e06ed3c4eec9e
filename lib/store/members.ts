import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { withFreshScore } from '../members/bounce-state.ts';
import { memberSchema } from '../members/member.ts';
import { formerIn } from './former.ts';
import { itemsOf } from './items-of.ts';
import { addressIndex, memberKey } from './keys.ts';
import type { Members } from './store.ts';
import {
  fieldChanges,
  fieldConditions,
  holds,
  indexName,
  isConditionFailed,
  queryItems,
  queryPages,
  type Table,
} from './table.ts';

/** The members in DynamoDB: one partition for a list, sorted by role and address. */
export const membersIn = (table: Table): Members => ({
  former: formerIn(table),
  add: (member) =>
    holds(() =>
      table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...memberKey(member.list_id, member.role, member.email),
            gsi1pk: addressIndex(member.email),
            gsi1sk: `${member.list_id}#${member.role}`,
            ...member,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    ),
  get: async (listId, role, email) => {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: memberKey(listId, role, email),
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? undefined : memberSchema.parse(Item);
  },
  getMany: async (listId, asked) => {
    const keys = new Map(
      asked.map(({ role, email }) => {
        const key = memberKey(listId, role, email);
        return [key.sk, key] as const;
      }),
    );
    const items = await itemsOf(table, [...keys.values()]);
    return items.map((item) => memberSchema.parse(item));
  },
  set: async (listId, role, email, changes, only = {}) => {
    const change = fieldChanges(withFreshScore(changes));
    const condition = fieldConditions(only);
    const values = { ...change.ExpressionAttributeValues, ...condition.values };
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: memberKey(listId, role, email),
          UpdateExpression: change.UpdateExpression,
          ConditionExpression: ['attribute_exists(pk)', ...condition.conditions].join(' AND '),
          ExpressionAttributeNames: { ...change.ExpressionAttributeNames, ...condition.names },
          // DynamoDB refuses an empty map of values.
          ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return memberSchema.parse(Attributes);
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  },
  remove: async (listId, role, email, memberId) => {
    try {
      const { Attributes } = await table.client.send(
        new DeleteCommand({
          TableName: table.name,
          Key: memberKey(listId, role, email),
          ...(memberId === undefined
            ? {}
            : {
                ConditionExpression: 'member_id = :member',
                ExpressionAttributeValues: { ':member': memberId },
              }),
          ReturnValues: 'ALL_OLD',
        }),
      );
      return Attributes !== undefined;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  },
  pages: (listId, role) =>
    queryPages(table, memberSchema, {
      KeyConditionExpression: 'pk = :list AND begins_with(sk, :role)',
      ExpressionAttributeValues: { ':list': `MEMBERS#${listId}`, ':role': `${role}#` },
      // Somebody who was told "you are a member now" is to get the next post.
      ConsistentRead: true,
    }),
  of: (email) =>
    queryItems(table, memberSchema, {
      IndexName: indexName,
      KeyConditionExpression: 'gsi1pk = :address',
      ExpressionAttributeValues: { ':address': addressIndex(email) },
    }),
});
