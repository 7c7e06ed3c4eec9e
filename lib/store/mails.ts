import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { moderationSchema } from '../held/held-mail.ts';
import { type MailRecord, mailRecordSchema, rosterSchema } from '../posts/mail-record.ts';
import { mailKey, messageIdIndex } from './keys.ts';
import type { Mails } from './store.ts';
import { indexName, isConditionFailed, queryItems, type Table, ttl } from './table.ts';

/** The records of mails, in DynamoDB: one item a mail. */
export const mailsIn = (table: Table): Mails => {
  const get = async (id: string): Promise<MailRecord | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: mailKey(id), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : mailRecordSchema.parse(Item);
  };

  /** Sets a field unless it is set, and gives what it holds now. */
  const keep = async <S extends z.ZodType>(
    id: string,
    field: string,
    schema: S,
    value: z.infer<S>,
    expires?: Date,
  ): Promise<z.infer<S>> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: mailKey(id),
          UpdateExpression: `SET #field = :value${expires === undefined ? '' : ', expires = :expires'}`,
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#field)',
          ExpressionAttributeNames: { '#field': field },
          ExpressionAttributeValues: {
            ':value': value,
            ...(expires === undefined ? {} : { ':expires': ttl(expires) }),
          },
        }),
      );
      return value;
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: mailKey(id), ConsistentRead: true }),
    );
    return schema.parse(Item?.[field]);
  };

  return {
    get,
    commit: async (record, expires) => {
      try {
        await table.client.send(
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
        );
        return undefined;
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
      return get(record.id);
    },
    byMessageId: (messageId) =>
      queryItems(table, mailRecordSchema, {
        IndexName: indexName,
        KeyConditionExpression: 'gsi1pk = :message',
        ExpressionAttributeValues: { ':message': messageIdIndex(messageId) },
      }),
    keepNumber: (id, number) => keep(id, 'post_number', z.number(), number),
    fixRoster: (id, roster) => keep(id, 'roster', rosterSchema, roster),
    moderate: (id, moderation, expires) => keep(id, 'moderation', moderationSchema, moderation, expires),
  };
};
