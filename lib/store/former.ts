import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type FormerMember, formerMemberSchema } from '../members/former-member.ts';
import { itemsOf } from './items-of.ts';
import { formerKey } from './keys.ts';
import type { Former } from './store.ts';
import { type Table, ttl } from './table.ts';

const formerItem = formerMemberSchema.extend({ expires: z.number() });

const readFormer = (item: unknown, now: Date): FormerMember | undefined => {
  const { expires, ...former } = formerItem.parse(item);
  // TTL deletes within days, not at once (design, rule 13).
  return expires <= ttl(now) ? undefined : former;
};

/** Former members in DynamoDB: one partition for a list, sorted by address. */
export const formerIn = (table: Table): Former => ({
  put: async (former, expires) => {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...formerKey(former.list_id, former.email), ...former, expires: ttl(expires) },
      }),
    );
  },
  get: async (listId, email, now) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: formerKey(listId, email), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : readFormer(Item, now);
  },
  getMany: async (listId, emails, now) => {
    const keys = new Map(emails.map((email) => [email.toLowerCase(), formerKey(listId, email)]));
    const items = await itemsOf(table, [...keys.values()]);
    return items.flatMap((item) => readFormer(item, now) ?? []);
  },
});
