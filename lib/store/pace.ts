import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Pace as SesPace } from '../ses/pace.ts';
import { paceKey } from './keys.ts';
import type { Pace, SlotLease } from './store.ts';
import { isConditionFailed, type Table } from './table.ts';

const paceSchema = z.object({
  max_per_second: z.number(),
  max_24h: z.number(),
  sent_24h: z.number(),
  read_at: z.number(),
  next: z.number(),
  slow_until: z.number(),
});

/** What a lease is bound to: the pace by which it was reckoned is still the pace, and the quota has room for it. */
const sameFor = ({ known, slots }: SlotLease) => ({
  condition: [
    'max_per_second = :rate AND slow_until = :slow AND max_24h = :quota',
    ...(known.max_24h < 0 ? [] : ['sent_24h <= :room']),
  ].join(' AND '),
  values: {
    ':rate': known.max_per_second,
    ':slow': known.slow_until,
    ':quota': known.max_24h,
    ...(known.max_24h < 0 ? {} : { ':room': known.max_24h - slots }),
  },
});

/** The pace of sending through Amazon SES, in one item of DynamoDB. */
export const paceIn = (table: Table): Pace => {
  const get = async (): Promise<SesPace | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: paceKey(), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : paceSchema.parse(Item);
  };

  /** Puts the slots behind the last ones that were leased, or at the given moment when that is past; undefined when the other holds. */
  const leaseAt = async (lease: SlotLease, behind: boolean): Promise<SesPace | undefined> => {
    const { condition, values } = sameFor(lease);
    try {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: paceKey(),
          UpdateExpression: `SET #next = ${behind ? '#next' : ':from'} + :span, sent_24h = sent_24h + :slots`,
          ConditionExpression: `${condition} AND #next ${behind ? '>=' : '<'} :from`,
          ExpressionAttributeNames: { '#next': 'next' },
          ExpressionAttributeValues: {
            ...values,
            ':from': lease.from,
            ':span': lease.span,
            ':slots': lease.slots,
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return paceSchema.parse(Attributes);
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  };

  return {
    get,
    note: async ({ max_per_second, max_24h, sent_24h }, at) => {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: paceKey(),
          UpdateExpression:
            'SET max_per_second = :rate, max_24h = :quota, sent_24h = :sent, read_at = :at, #next = if_not_exists(#next, :never), slow_until = if_not_exists(slow_until, :never)',
          ExpressionAttributeNames: { '#next': 'next' },
          ExpressionAttributeValues: {
            ':rate': max_per_second,
            ':quota': max_24h,
            ':sent': sent_24h,
            ':at': at.getTime(),
            ':never': 0,
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return paceSchema.parse(Attributes);
    },
    lease: async (lease) => {
      const behind = lease.known.next >= lease.from;
      const pace = (await leaseAt(lease, behind)) ?? (await leaseAt(lease, !behind));
      return pace === undefined ? undefined : { first: pace.next - lease.span, pace };
    },
    slow: async (until) => {
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: paceKey(),
            UpdateExpression: 'SET slow_until = :until',
            ConditionExpression: 'slow_until < :until',
            ExpressionAttributeValues: { ':until': until.getTime() },
          }),
        );
      } catch (error) {
        // Somebody was throttled later than this, or nobody has read the quota yet, and then nobody sends.
        if (!isConditionFailed(error)) throw error;
      }
    },
  };
};
