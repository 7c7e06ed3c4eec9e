import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Bounces, dayNoteSchema } from '../bounces/bounce-store.ts';
import { type Member, memberSchema } from '../members/member.ts';
import { itemsOf } from './items-of.ts';
import { bounceNoteKey, bounceNotesKey, bouncingKey, bouncingListKey, memberKey } from './keys.ts';
import { fieldChanges, isConditionFailed, queryItems, queryPages, type Table, ttl } from './table.ts';

/** What a step decides by: while these are as they were read, nobody has stepped in between. */
const decisive = [
  'member_id',
  'bounce_event',
  'bounce_score',
  'last_bounce_received',
  'last_warning_sent',
  'total_warnings_sent',
  'delivery_status',
] as const satisfies readonly (keyof Member)[];

const asRead = (member: Member) => {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const conditions = decisive.map((field, index) => {
    names[`#c${index}`] = field;
    if (member[field] === undefined) return `attribute_not_exists(#c${index})`;
    values[`:c${index}`] = member[field];
    return `#c${index} = :c${index}`;
  });
  return { names, values, condition: conditions.join(' AND ') };
};

const pointerSchema = z.object({ email: z.string() });

// As many as one request of BatchGetItem takes.
const atOnce = 100;

/** True for whom bounces have to do with now. */
const bounces = ({ bounce_score = 0, delivery_status }: Member): boolean =>
  bounce_score > 0 || delivery_status === 'by_bounces';

/** What is remembered of bounces, in DynamoDB. */
export const bouncesIn = (table: Table): Bounces => ({
  change: async (member, changes) => {
    const update = fieldChanges(changes);
    const only = asRead(member);
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: memberKey(member.list_id, 'member', member.email),
          UpdateExpression: update.UpdateExpression,
          ConditionExpression: only.condition,
          ExpressionAttributeNames: { ...update.ExpressionAttributeNames, ...only.names },
          ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ...only.values },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return memberSchema.parse(Attributes);
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  },
  remove: async ({ list_id, email, member_id }, only) => {
    try {
      await table.client.send(
        new DeleteCommand({
          TableName: table.name,
          Key: memberKey(list_id, 'member', email),
          ConditionExpression:
            only === undefined
              ? 'member_id = :member'
              : 'member_id = :member AND delivery_status = :disabled',
          ExpressionAttributeValues: {
            ':member': member_id,
            ...(only === undefined ? {} : { ':disabled': 'by_bounces' }),
          },
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  },
  point: async (listId, email, expires) => {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...bouncingKey(listId, email), email, expires: ttl(expires) },
      }),
    );
  },
  ls: async function* (listId, now) {
    const pages = queryPages(table, pointerSchema, {
      KeyConditionExpression: 'pk = :list',
      // TTL deletes within days, not at once (design, rule 13).
      FilterExpression: 'expires > :now',
      ExpressionAttributeValues: { ':list': bouncingListKey(listId), ':now': ttl(now) },
      Limit: atOnce,
    });
    for await (const page of pages) {
      const items = await itemsOf(
        table,
        page.map(({ email }) => memberKey(listId, 'member', email)),
      );
      yield items
        .map((item) => memberSchema.parse(item))
        .filter(bounces)
        .sort((a, b) => (a.email.toLowerCase() < b.email.toLowerCase() ? -1 : 1));
    }
  },
  allDisabled: (listId) =>
    queryPages(table, memberSchema, {
      KeyConditionExpression: 'pk = :list AND begins_with(sk, :role)',
      FilterExpression: 'delivery_status = :disabled',
      ExpressionAttributeValues: {
        ':list': memberKey(listId, 'member', '').pk,
        ':role': 'member#',
        ':disabled': 'by_bounces',
      },
    }),
  note: async (note, expires) => {
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...bounceNoteKey(note), ...note, expires: ttl(expires) },
      }),
    );
  },
  notesBefore: (listId, day) =>
    queryItems(table, dayNoteSchema, {
      KeyConditionExpression: 'pk = :list AND sk < :day',
      ExpressionAttributeValues: { ':list': bounceNotesKey(listId), ':day': day },
    }),
  notesOf: (listId, day, kind) =>
    queryItems(table, dayNoteSchema, {
      KeyConditionExpression: 'pk = :list AND begins_with(sk, :day)',
      ExpressionAttributeValues: { ':list': bounceNotesKey(listId), ':day': `${day}#${kind}#` },
      ConsistentRead: true,
    }),
  dropNote: async (note) => {
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: bounceNoteKey(note) }));
  },
});
