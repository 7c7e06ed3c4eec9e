import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { listedPostSchema } from '../posts/listed-post.ts';
import { postKey, postsKey } from './keys.ts';
import type { Posts } from './store.ts';
import { queryItems, type Table, ttl } from './table.ts';

/** The posts of lists in DynamoDB: one partition for a list, sorted by time. */
export const postsIn = (table: Table): Posts => ({
  note: async (post, expires) => {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...postKey(post), ...post, expires: ttl(expires) },
      }),
    );
  },
  latest: (listId, now) =>
    queryItems(table, listedPostSchema, {
      KeyConditionExpression: 'pk = :list',
      // TTL deletes within days, not at once: every read checks the date itself (design, rule 13).
      FilterExpression: 'expires > :now',
      ExpressionAttributeValues: { ':list': postsKey(listId), ':now': ttl(now) },
      ScanIndexForward: false,
      // Few are wanted as a rule; who wants more reads on.
      Limit: 25,
    }),
});
