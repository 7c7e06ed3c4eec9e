import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { addressKey } from '../addresses/email-address.ts';
import { memberSchema } from '../members/member.ts';
import { type Address, addressSchema } from '../users/address.ts';
import { itemsOf } from './items-of.ts';
import { addressItemKey, memberKey, userIndex } from './keys.ts';
import type { Addresses } from './store.ts';
import { fieldChanges, indexName, isConditionFailed, queryItems, type Table } from './table.ts';

const keySchema = z.object({ pk: z.string() });

// An address of a user is found by the user; one of nobody is in no index.
const indexed = (
  email: string,
  userId: string | null | undefined,
): Readonly<Record<'gsi1pk' | 'gsi1sk', string | null>> =>
  userId === undefined || userId === null
    ? { gsi1pk: null, gsi1sk: null }
    : { gsi1pk: userIndex(userId), gsi1sk: email.toLowerCase() };

/** The addresses in DynamoDB: one item for each, found by its lower case. */
export const addressesIn = (table: Table): Addresses => {
  const get = async (email: string): Promise<Address | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: addressItemKey(email), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : addressSchema.parse(Item);
  };

  /** Changes an address that there is, and for which a condition holds. */
  const update = async (
    email: string,
    changes: Readonly<Record<string, unknown>>,
    only?: { readonly condition: string; readonly values?: Readonly<Record<string, unknown>> },
  ): Promise<Address | undefined> => {
    const { ExpressionAttributeValues, ...expression } = fieldChanges(changes);
    const values = { ...ExpressionAttributeValues, ...only?.values };
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: addressItemKey(email),
          ...expression,
          // DynamoDB refuses an empty map of values.
          ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
          ConditionExpression: `attribute_exists(pk)${only === undefined ? '' : ` AND ${only.condition}`}`,
          ReturnValues: 'ALL_NEW',
        }),
      );
      return addressSchema.parse(Attributes);
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  };

  return {
    get,
    getMany: async (emails) => {
      const keys = new Map(emails.map((email) => [email.toLowerCase(), addressItemKey(email)]));
      return (await itemsOf(table, [...keys.values()])).map((item) => addressSchema.parse(item));
    },
    onList: async (email, listId, roles) => {
      const own = addressItemKey(email);
      const items = await itemsOf(table, [own, ...roles.map((role) => memberKey(listId, role, email))]);
      const isOwn = (item: unknown): boolean => keySchema.parse(item).pk === own.pk;
      const known = items.find(isOwn);
      return {
        address: known === undefined ? undefined : addressSchema.parse(known),
        members: items.filter((item) => !isOwn(item)).map((item) => memberSchema.parse(item)),
      };
    },
    register: async (address) => {
      const index = indexed(address.email, address.user_id);
      try {
        await table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...addressItemKey(address.email),
              ...(index.gsi1pk === null ? {} : index),
              ...address,
            },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return address;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
      const now = await get(address.email);
      if (now === undefined) throw new Error('An address vanished while it was being registered');
      return now;
    },
    verify: async (email, at) => {
      const verified = await update(
        email,
        { verified_on: at.toISOString() },
        { condition: 'attribute_not_exists(verified_on)' },
      );
      return verified ?? get(email);
    },
    set: (email, changes) =>
      update(email, {
        ...changes,
        ...('user_id' in changes ? indexed(email, z.string().nullish().parse(changes.user_id)) : {}),
      }),
    receive: (email, from, stale = from) =>
      update(
        email,
        { moving_from: addressKey(from) },
        {
          condition:
            'attribute_not_exists(moving_to) AND (attribute_not_exists(moving_from) OR moving_from IN (:from, :stale))',
          values: { ':from': addressKey(from), ':stale': addressKey(stale) },
        },
      ),
    move: (email, to, what) =>
      update(
        email,
        { moving_to: addressKey(to), moving_what: what },
        {
          condition:
            'attribute_not_exists(moving_from) AND (attribute_not_exists(moving_to) OR (moving_to = :to AND moving_what = :what))',
          values: { ':to': addressKey(to), ':what': what },
        },
      ),
    received: async (email, from) => {
      await update(
        email,
        { moving_from: null },
        { condition: 'moving_from = :from', values: { ':from': addressKey(from) } },
      );
    },
    moved: async (email, to) => {
      await update(
        email,
        { moving_to: null, moving_what: null },
        { condition: 'moving_to = :to', values: { ':to': addressKey(to) } },
      );
    },
    remove: async (email, movingTo) => {
      try {
        const { Attributes } = await table.client.send(
          new DeleteCommand({
            TableName: table.name,
            Key: addressItemKey(email),
            ...(movingTo === undefined
              ? {}
              : {
                  ConditionExpression: 'moving_to = :to',
                  ExpressionAttributeValues: { ':to': addressKey(movingTo) },
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
    of: (userId) =>
      queryItems(table, addressSchema, {
        IndexName: indexName,
        KeyConditionExpression: 'gsi1pk = :user',
        ExpressionAttributeValues: { ':user': userIndex(userId) },
      }),
  };
};
