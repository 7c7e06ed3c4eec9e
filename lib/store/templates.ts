import { BatchGetCommand, DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { templateKey } from './keys.ts';
import type { Templates } from './store.ts';
import { queryItems, type Table } from './table.ts';

const templateSchema = z.object({ name: z.string(), text: z.string() });

/** The texts of site, domains and lists in DynamoDB. */
export const templatesIn = (table: Table): Templates => ({
  find: async (name, { listId, domain }) => {
    const keys = [listId, `@${domain}`, 'site'].map((where) => templateKey(where, name));
    const { Responses } = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: keys } } }),
    );
    const items = Responses?.[table.name] ?? [];
    const found = keys
      .map(({ pk }) => items.find((item) => item.pk === pk))
      .find((item) => item !== undefined);
    return found === undefined ? undefined : templateSchema.parse(found).text;
  },
  set: async (where, name, text) => {
    await table.client.send(
      new PutCommand({ TableName: table.name, Item: { ...templateKey(where, name), name, text } }),
    );
  },
  remove: async (where, name) => {
    const { Attributes } = await table.client.send(
      new DeleteCommand({ TableName: table.name, Key: templateKey(where, name), ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  },
  ls: (where) =>
    queryItems(table, templateSchema, {
      KeyConditionExpression: 'pk = :where',
      ExpressionAttributeValues: { ':where': templateKey(where, '').pk },
    }),
});
