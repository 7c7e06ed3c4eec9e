import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Probe, type Probes, probeSchema } from '../bounces/bounce-store.ts';
import { probeKey } from './keys.ts';
import { isConditionFailed, type Table, ttl } from './table.ts';

/** TTL deletes within days, not at once: every read checks the date itself (design, rule 13). */
const alive = (item: unknown, now: Date): Probe | undefined => {
  const probe = probeSchema.parse(item);
  return Date.parse(probe.expires_at) > now.getTime() ? probe : undefined;
};

/** The probes in DynamoDB: one item a token. */
export const probesIn = (table: Table): Probes => ({
  put: async (probe) => {
    try {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...probeKey(probe.token), ...probe, expires: ttl(new Date(probe.expires_at)) },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  },
  use: async (token, event, now) => {
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: probeKey(token),
          UpdateExpression: 'SET used_by = :event',
          ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(used_by) OR used_by = :event)',
          ExpressionAttributeValues: { ':event': event },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return alive(Attributes, now);
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  },
  peek: async (token, now) => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: probeKey(token), ConsistentRead: true }),
    );
    return Item === undefined || Item.used_by !== undefined ? undefined : alive(Item, now);
  },
});
