import { BatchGetCommand, DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { MailingList } from '../lists/list.ts';
import { readListSettings } from '../lists/settings.ts';
import { countersKey, listKey } from './keys.ts';
import type { Lists } from './store.ts';
import { fieldChanges, holds, indexName, queryItems, type Table } from './table.ts';

/**
 * The settings that Belfry itself changes with every post. They lie in an item of their own, because DynamoDB bills an
 * update for the whole item, and a list's item holds all its texts.
 */
const counters = ['post_id', 'last_post_at', 'volume', 'next_digest_number', 'digest_last_sent_at'] as const;
const isCounter = (setting: string): boolean => counters.some((name) => name === setting);

const listSchema = z.object({
  list_id: z.string(),
  list_name: z.string(),
  mail_host: z.string(),
  created_at: z.string(),
  settings: z.record(z.string(), z.unknown()),
});

const countersSchema = z.record(z.string(), z.unknown());

const fromItems = (item: unknown, state: unknown): MailingList => {
  const list = listSchema.parse(item);
  const counted = countersSchema.parse(state ?? {});
  const known = Object.fromEntries(Object.entries(counted).filter(([name]) => isCounter(name)));
  return { ...list, settings: readListSettings({ ...list.settings, ...known }) };
};

/** The lists in DynamoDB. */
export const listsIn = (table: Table): Lists => {
  const byId = async (listId: string): Promise<MailingList | undefined> => {
    const answer = await table.client.send(
      new BatchGetCommand({
        RequestItems: {
          [table.name]: { Keys: [listKey(listId), countersKey(listId)], ConsistentRead: true },
        },
      }),
    );
    const items = answer.Responses?.[table.name] ?? [];
    const item = items.find(({ sk }) => sk === 'LIST');
    return item === undefined
      ? undefined
      : fromItems(
          item,
          items.find(({ sk }) => sk === 'COUNTERS'),
        );
  };

  const itemOf = async (listId: string) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: listKey(listId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : fromItems(Item, undefined);
  };

  const setCounters = (listId: string, changes: Readonly<Record<string, unknown>>) =>
    table.client.send(
      new UpdateCommand({ TableName: table.name, Key: countersKey(listId), ...fieldChanges(changes) }),
    );

  return {
    byId,
    uncounted: itemOf,
    find: async (fqdn) => {
      const at = fqdn.lastIndexOf('@');
      if (at < 1) return undefined;
      const list = await itemOf(`${fqdn.slice(0, at)}.${fqdn.slice(at + 1)}`);
      if (list === undefined) return undefined;
      // a.b@example.com and a@b.example.com would have the same id; only one of them is this list.
      return `${list.list_name}@${list.mail_host}` === fqdn ? list : undefined;
    },
    create: ({ settings, ...rest }) =>
      holds(() =>
        table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: {
              ...listKey(rest.list_id),
              gsi1pk: 'LISTS',
              gsi1sk: rest.list_id,
              ...rest,
              settings: Object.fromEntries(Object.entries(settings).filter(([name]) => !isCounter(name))),
            },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),
    ls: async function* () {
      const found = queryItems(table, listSchema, {
        IndexName: indexName,
        KeyConditionExpression: 'gsi1pk = :all',
        ExpressionAttributeValues: { ':all': 'LISTS' },
      });
      for await (const item of found) yield fromItems(item, undefined);
    },
    set: async (listId, changes) => {
      const list = await byId(listId);
      if (list === undefined) return undefined;
      const own = Object.entries(changes).filter(([name]) => !isCounter(name));
      const counted = Object.entries(changes).filter(([name]) => isCounter(name));
      if (own.length > 0) {
        const names: Record<string, string> = { '#settings': 'settings' };
        const values: Record<string, unknown> = {};
        const sets = own.map(([name, value], index) => {
          names[`#n${index}`] = name;
          values[`:v${index}`] = value;
          return `#settings.#n${index} = :v${index}`;
        });
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: listKey(listId),
            UpdateExpression: `SET ${sets.join(', ')}`,
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: values,
          }),
        );
      }
      if (counted.length > 0) await setCounters(listId, Object.fromEntries(counted));
      return byId(listId);
    },
    remove: async (listId) => {
      // The numbers of held mails go on when a list of that name is made again: mails with the old numbers are still in the inboxes of moderators.
      await holds(() =>
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: countersKey(listId),
            ...fieldChanges(Object.fromEntries(counters.map((name) => [name, null]))),
            ConditionExpression: 'attribute_exists(pk)',
          }),
        ),
      );
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: listKey(listId) }));
    },
    takePostNumber: async (listId, now) => {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: countersKey(listId),
          UpdateExpression: 'SET post_id = if_not_exists(post_id, :first) + :one, last_post_at = :now',
          ExpressionAttributeValues: { ':first': 1, ':one': 1, ':now': now.toISOString() },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      // The setting is the number of the next post; this post has the one before.
      return z.object({ post_id: z.number() }).parse(Attributes).post_id - 1;
    },
  };
};
