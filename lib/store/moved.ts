import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { movedKey } from './keys.ts';
import type { Moved } from './store.ts';
import { type Table, ttl } from './table.ts';

const movedSchema = z.object({ email: z.string(), member_id: z.string(), expires: z.number() });

/** Where memberships have gone, in DynamoDB: an item for each, so that one read finds it. */
export const movedIn = (table: Table): Moved => ({
  put: async (memberId, { email, member_id }, expires) => {
    const Item = { ...movedKey(memberId), email, member_id, expires: ttl(expires) };
    await table.client.send(new PutCommand({ TableName: table.name, Item }));
  },
  get: async (memberId, now) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: movedKey(memberId), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { expires, ...moved } = movedSchema.parse(Item);
    return expires > now.getTime() / 1000 ? moved : undefined;
  },
});
