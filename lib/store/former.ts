import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type FormerMember, formerMemberSchema } from '../members/former-member.ts';
import { mergeFormer } from '../members/merge-members.ts';
import { itemsOf } from './items-of.ts';
import { formerKey, formerOfIndex } from './keys.ts';
import type { Former } from './store.ts';
import { holds, indexName, queryItems, type Table, ttl } from './table.ts';

const formerItem = formerMemberSchema.extend({ expires: z.number() });
type FormerItem = z.infer<typeof formerItem>;

// TTL deletes within days, not at once (design, rule 13).
const isLive = ({ expires }: FormerItem, now: Date): boolean => expires > ttl(now);
const plain = ({ expires: _, ...former }: FormerItem): FormerMember => former;

const readFormer = (item: unknown, now: Date): FormerMember | undefined => {
  const former = formerItem.parse(item);
  return isLive(former, now) ? plain(former) : undefined;
};

/** Former members in DynamoDB: one partition for a list, sorted by address, and an index by address. */
export const formerIn = (table: Table): Former => {
  const read = async ({ list_id, email }: Pick<FormerMember, 'list_id' | 'email'>) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: formerKey(list_id, email), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : formerItem.parse(Item);
  };

  const itemFor = (former: FormerItem): Record<string, unknown> => ({
    ...formerKey(former.list_id, former.email),
    gsi1pk: formerOfIndex(former.email),
    gsi1sk: former.list_id,
    ...former,
  });

  /** The condition that nothing has changed since something was read, or nothing. */
  const unchanged = (since: FormerItem | undefined) =>
    since === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'left_at = :left AND expires = :expires',
          ExpressionAttributeValues: { ':left': since.left_at, ':expires': since.expires },
        };

  return {
    put: async (former, expires) => {
      await table.client.send(
        new PutCommand({ TableName: table.name, Item: itemFor({ ...former, expires: ttl(expires) }) }),
      );
    },
    get: async (listId, email, now) => {
      const item = await read({ list_id: listId, email });
      return item !== undefined && isLive(item, now) ? plain(item) : undefined;
    },
    getMany: async (listId, emails, now) => {
      const keys = new Map(emails.map((email) => [email.toLowerCase(), formerKey(listId, email)]));
      const items = await itemsOf(table, [...keys.values()]);
      return items.flatMap((item) => readFormer(item, now) ?? []);
    },
    of: async function* (email, now) {
      const found = queryItems(table, formerItem, {
        IndexName: indexName,
        KeyConditionExpression: 'gsi1pk = :address',
        ExpressionAttributeValues: { ':address': formerOfIndex(email) },
      });
      for await (const item of found) if (isLive(item, now)) yield plain(item);
    },
    carry: async (former, email, now) => {
      const { list_id } = former;
      const [from, there] = await Promise.all([read(former), read({ list_id, email })]);
      if (from === undefined || !isLive(from, now)) return false;
      const own = there !== undefined && isLive(there, now) ? there : undefined;
      const to: FormerItem = {
        ...mergeFormer(own, plain(from)),
        list_id,
        email,
        expires: Math.max(from.expires, own?.expires ?? 0),
      };
      const written = await holds(() =>
        table.client.send(new PutCommand({ TableName: table.name, Item: itemFor(to), ...unchanged(there) })),
      );
      if (!written) return true;
      const Key = formerKey(list_id, former.email);
      await holds(() =>
        table.client.send(new DeleteCommand({ TableName: table.name, Key, ...unchanged(from) })),
      );
      return true;
    },
  };
};
