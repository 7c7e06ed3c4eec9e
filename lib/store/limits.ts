import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { limitKey, onceKey } from './keys.ts';
import type { Limits } from './store.ts';
import { holds, isConditionFailed, type Table, ttl } from './table.ts';

const limitSchema = z.object({ causes: z.array(z.string()) });
const onceSchema = z.object({ cause: z.string() });

/** The limits in DynamoDB: the causes in the order in which they came, so that a repetition finds its own place again. */
export const limitsIn = (table: Table): Limits => ({
  position: async (name, cause, most, until) => {
    const Key = limitKey(name);
    const place = (item: unknown): number | undefined => {
      const at = limitSchema.parse(item ?? { causes: [] }).causes.indexOf(cause);
      return at < 0 ? undefined : at + 1;
    };
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key,
          UpdateExpression:
            'SET causes = list_append(if_not_exists(causes, :none), :causes), expires = :until',
          ConditionExpression:
            'attribute_not_exists(causes) OR (NOT contains(causes, :cause) AND size(causes) <= :most)',
          ExpressionAttributeValues: {
            ':none': [],
            ':causes': [cause],
            ':cause': cause,
            ':most': most,
            ':until': ttl(until),
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return place(Attributes);
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
    );
    return place(Item);
  },
  once: async (name, cause, now, until) => {
    const Key = onceKey(name);
    const first = await holds(() =>
      table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...Key, cause, until: until.getTime(), expires: ttl(until) },
          ConditionExpression: 'attribute_not_exists(#until) OR #until <= :now',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':now': now.getTime() },
        }),
      ),
    );
    if (first) return true;
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
    );
    return onceSchema.safeParse(Item).data?.cause === cause;
  },
});
