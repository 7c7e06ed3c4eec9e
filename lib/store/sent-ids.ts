import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { sentIdKey } from './keys.ts';
import { putAll } from './put-all.ts';
import type { SentIds } from './store.ts';
import { type Table, ttl } from './table.ts';

const sentIdSchema = z.object({ message_id: z.string(), expires: z.number() });

/** The ids that Amazon SES gave to our mails, in DynamoDB: an item for each, so that one read finds it. */
export const sentIdsIn = (table: Table): SentIds => ({
  remember: (sent, expires) =>
    putAll(
      table,
      sent.map(({ id, messageId }) => ({
        ...sentIdKey(id),
        message_id: messageId,
        expires: ttl(expires),
      })),
    ),
  find: async (id, now) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: sentIdKey(id), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { message_id, expires } = sentIdSchema.parse(Item);
    return expires > now.getTime() / 1000 ? message_id : undefined;
  },
});
