import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  endStates,
  isEnded,
  requestKinds,
  requestSchema,
  type SubscriptionRequest,
} from '../subscriptions/request.ts';
import { type Key, requestKey, requestsOfIndex, requestTokenKey } from './keys.ts';
import type { Requests } from './store.ts';
import { fieldChanges, holds, indexName, queryItems, type Table, ttl } from './table.ts';

/** A request with what began it, by which a repeated beginning is known when the request has moved on. */
const requestItem = requestSchema.extend({ begun_by: z.string() });
type RequestItem = z.infer<typeof requestItem>;

const pointerSchema = z.object({ list_id: z.string(), kind: z.enum(requestKinds), email: z.string() });

const keyOf = ({ list_id, kind, email }: Pick<SubscriptionRequest, 'list_id' | 'kind' | 'email'>): Key =>
  requestKey(list_id, kind, email);

const plain = (item: unknown): SubscriptionRequest => requestSchema.parse(item);

/** Moments are compared as text, which ISO 8601 in UTC allows. TTL deletes within days, not at once (design, rule 13). */
const isLive = ({ expires_at }: Pick<SubscriptionRequest, 'expires_at'>, now: Date): boolean =>
  expires_at > now.toISOString();

const states = Object.fromEntries(endStates.map((state) => [`:${state}`, state]));
const isOver = `expires_at <= :now OR #state IN (${Object.keys(states).join(', ')})`;

async function* alive(
  requests: AsyncIterable<SubscriptionRequest>,
  now: Date,
): AsyncIterable<SubscriptionRequest> {
  for await (const request of requests) if (isLive(request, now)) yield request;
}

/**
 * The requests in DynamoDB: one partition for a list, sorted by kind and address. A token is an item of its own that leads to its request. It
 * is written before the request takes the token, and stays until it expires: so a token is found by a consistent read, and who repeats what
 * used it finds the request as well. What a token may do, the request alone says.
 */
export const requestsIn = (table: Table): Requests => {
  const read = async (key: Key): Promise<RequestItem | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : requestItem.parse(Item);
  };

  const point = async (request: SubscriptionRequest): Promise<void> => {
    // What has ended has nothing more to find.
    if (isEnded(request.state)) return;
    const { list_id, kind, email, expires_at } = request;
    await table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { ...requestTokenKey(request.token), list_id, kind, email, expires: ttl(new Date(expires_at)) },
      }),
    );
  };

  const put = (
    item: RequestItem,
    only: { readonly condition: string; readonly values: Readonly<Record<string, unknown>> },
    now: Date,
  ): Promise<boolean> =>
    holds(() =>
      table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keyOf(item),
            gsi1pk: requestsOfIndex(item.email),
            gsi1sk: `${item.list_id}#${item.kind}`,
            ...item,
            expires: ttl(new Date(item.expires_at)),
          },
          ConditionExpression: `attribute_not_exists(pk) OR ${only.condition}`,
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ...states, ':now': now.toISOString(), ...only.values },
        }),
      ),
    );

  const end = async (request: SubscriptionRequest): Promise<void> => {
    await holds(() =>
      table.client.send(
        new DeleteCommand({
          TableName: table.name,
          Key: keyOf(request),
          ConditionExpression: '#token = :token AND #state = :state',
          ExpressionAttributeNames: { '#token': 'token', '#state': 'state' },
          ExpressionAttributeValues: { ':token': request.token, ':state': request.state },
        }),
      ),
    );
  };

  return {
    begin: async (request, now) => {
      await point(request);
      const { cause } = request;
      // A membership that a request has ended is ended by no other one: there would be two goodbyes.
      const ended = '(#state = :done AND member_id = :member AND expires_at > :now)';
      const only = {
        condition: `((${isOver}) AND begun_by <> :cause AND NOT ${ended})`,
        values: { ':cause': cause, ':member': request.member_id },
      };
      if (await put({ ...request, begun_by: cause }, only, now)) return { kind: 'begun', request };
      const item = await read(keyOf(request));
      if (item === undefined) throw new Error('A request ended while another one was being begun');
      if (item.begun_by === cause && item.cause === cause) return { kind: 'begun', request: plain(item) };
      return { kind: 'pending', request: plain(item), ours: item.begun_by === cause };
    },
    byToken: async (token, now, cause) => {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: requestTokenKey(token), ConsistentRead: true }),
      );
      if (Item === undefined) return undefined;
      const item = await read(keyOf(pointerSchema.parse(Item)));
      if (item === undefined || !isLive(item, now)) return undefined;
      return item.token === token || item.cause === cause ? plain(item) : undefined;
    },
    get: async (listId, kind, email, now) => {
      const item = await read(requestKey(listId, kind, email));
      return item !== undefined && isLive(item, now) ? plain(item) : undefined;
    },
    ls: (listId, { now, kind, state }) =>
      alive(
        queryItems(table, requestSchema, {
          KeyConditionExpression: kind === undefined ? 'pk = :list' : 'pk = :list AND begins_with(sk, :kind)',
          ...(state === undefined
            ? {}
            : { FilterExpression: '#state = :state', ExpressionAttributeNames: { '#state': 'state' } }),
          ExpressionAttributeValues: {
            ':list': requestKey(listId, 'join', '').pk,
            ...(kind === undefined ? {} : { ':kind': `${kind}#` }),
            ...(state === undefined ? {} : { ':state': state }),
          },
        }),
        now,
      ),
    of: (email, now) =>
      alive(
        queryItems(table, requestSchema, {
          IndexName: indexName,
          KeyConditionExpression: 'gsi1pk = :address',
          ExpressionAttributeValues: { ':address': requestsOfIndex(email) },
        }),
        now,
      ),
    advance: async (request, change, now) => {
      // A comment belongs to one step alone.
      const { comment: _, ...before } = request;
      const next = { ...before, ...change };
      await point(next);
      const { ExpressionAttributeValues, ExpressionAttributeNames, UpdateExpression } = fieldChanges({
        ...change,
        comment: change.comment,
        expires: ttl(new Date(change.expires_at)),
      });
      const advanced = await holds(() =>
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(request),
            UpdateExpression,
            ConditionExpression: '#token = :token AND #state = :state AND expires_at > :now',
            ExpressionAttributeNames: { ...ExpressionAttributeNames, '#token': 'token', '#state': 'state' },
            ExpressionAttributeValues: {
              ...ExpressionAttributeValues,
              ':token': request.token,
              ':state': request.state,
              ':now': now.toISOString(),
            },
          }),
        ),
      );
      if (advanced) return { kind: 'advanced', request: plain(next) };
      const item = await read(keyOf(request));
      if (item?.cause === change.cause) return { kind: 'again', request: plain(item) };
      return { kind: 'used', request: item !== undefined && isLive(item, now) ? plain(item) : undefined };
    },
    end,
    carry: async (request, email, now) => {
      const from = await read(keyOf(request));
      if (from === undefined) return;
      const to = { ...from, email };
      // The same request may stand there from an attempt that died, and may have moved on there since: the later one counts.
      const only = {
        condition: `(${isOver}) OR (member_id = :member AND changed_at < :changed)`,
        values: { ':member': from.member_id, ':changed': from.changed_at },
      };
      const there = (await put(to, only, now)) ? to : await read(keyOf(to));
      if (there?.token === from.token) await point(to);
      await end(from);
    },
  };
};
