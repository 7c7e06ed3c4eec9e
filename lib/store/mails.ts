import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { moderationSchema } from '../held/held-mail.ts';
import { type MailRecord, mailRecordSchema, postRefusalSchema, rosterSchema } from '../posts/mail-record.ts';
import { mailKey, messageIdIndex } from './keys.ts';
import type { Mails } from './store.ts';
import { fieldChanges, holds, indexName, queryItems, type Table, ttl } from './table.ts';

/** The records of mails, in DynamoDB: one item a mail. */
export const mailsIn = (table: Table): Mails => {
  const get = async (id: string): Promise<MailRecord | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: mailKey(id), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : mailRecordSchema.parse(Item);
  };

  /** Sets a field unless it is set, and others with it; gives what it holds now. */
  const keep = async <S extends z.ZodType>(
    id: string,
    field: string,
    schema: S,
    value: z.infer<S>,
    others: Readonly<Record<string, unknown>> = {},
  ): Promise<z.infer<S>> => {
    const kept = await holds(() =>
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: mailKey(id),
          ...fieldChanges({ [field]: value, ...others }),
          // The first of the changes is the field itself.
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#f0)',
        }),
      ),
    );
    if (kept) return value;
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: mailKey(id), ConsistentRead: true }),
    );
    return schema.parse(Item?.[field]);
  };

  return {
    get,
    commit: async (record, expires) => {
      const committed = await holds(() =>
        table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...mailKey(record.id),
              gsi1pk: messageIdIndex(record.message_id),
              gsi1sk: record.decided_at,
              ...record,
              ...(expires === undefined ? {} : { expires: ttl(expires) }),
            },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      );
      return committed ? undefined : get(record.id);
    },
    byMessageId: (messageId) =>
      queryItems(table, mailRecordSchema, {
        IndexName: indexName,
        KeyConditionExpression: 'gsi1pk = :message',
        ExpressionAttributeValues: { ':message': messageIdIndex(messageId) },
      }),
    keepNumber: (id, number) => keep(id, 'post_number', z.number(), number),
    fixRoster: (id, roster) => keep(id, 'roster', rosterSchema, roster),
    moderate: (id, moderation, expires, blob) =>
      keep(id, 'moderation', moderationSchema, moderation, {
        expires: ttl(expires),
        ...(blob === undefined ? {} : { blob }),
      }),
    markRefused: (id, refused) => keep(id, 'refused', postRefusalSchema.optional(), refused),
  };
};
