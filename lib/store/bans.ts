import { BatchGetCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { bansKey } from './keys.ts';
import type { Bans } from './store.ts';
import { holds, type Table } from './table.ts';

// DynamoDB keeps a set of strings without repeats, and drops the attribute with its last element.
const bansSchema = z.object({ entries: z.set(z.string()).optional() });
const entriesOf = (item: unknown): readonly string[] =>
  [...(bansSchema.parse(item ?? {}).entries ?? [])].sort();

/** The bans in DynamoDB: one item for a list and one for the site, so that a post reads two items whatever their number. */
export const bansIn = (table: Table): Bans => {
  const change = (listId: string | null, entry: string, verb: 'ADD' | 'DELETE'): Promise<boolean> =>
    holds(() =>
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: bansKey(listId),
          UpdateExpression: `${verb} entries :entries`,
          ConditionExpression: verb === 'ADD' ? 'NOT contains(entries, :entry)' : 'contains(entries, :entry)',
          ExpressionAttributeValues: { ':entries': new Set([entry]), ':entry': entry },
        }),
      ),
    );
  return {
    read: async (listId) => {
      const { Responses } = await table.client.send(
        new BatchGetCommand({
          RequestItems: { [table.name]: { Keys: [bansKey(listId), bansKey(null)], ConsistentRead: true } },
        }),
      );
      const items = Responses?.[table.name] ?? [];
      const of = (pk: string): readonly string[] => entriesOf(items.find((item) => item.pk === pk));
      return { list: of(bansKey(listId).pk), site: of(bansKey(null).pk) };
    },
    add: (listId, entry) => change(listId, entry, 'ADD'),
    remove: (listId, entry) => change(listId, entry, 'DELETE'),
    ls: async (listId) => {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: bansKey(listId), ConsistentRead: true }),
      );
      return entriesOf(Item);
    },
  };
};
