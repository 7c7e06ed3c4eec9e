import { GetCommand, PutCommand, type PutCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Arrival, arrivalSchema } from '../posts/mail-record.ts';
import { arrivalKey } from './keys.ts';
import type { Arrivals } from './store.ts';
import { holds, type Table, ttl } from './table.ts';

/** The write that notes an arrival, unless one is remembered already. */
export const noteIn = (table: string, arrival: Arrival, forget: Date) =>
  ({
    TableName: table,
    Item: { ...arrivalKey(arrival.digest), ...arrival, expires: ttl(forget) },
    // TTL deletes within days, not at once: every read checks the date itself (design, rule 13).
    ConditionExpression: 'attribute_not_exists(pk) OR expires < :now',
    ExpressionAttributeValues: { ':now': ttl(new Date(arrival.first_at)) },
  }) satisfies PutCommandInput;

/** What the door remembers, in DynamoDB (design, rule 4). */
export const arrivalsIn = (table: Table): Arrivals => {
  const get = async (digest: string): Promise<Arrival | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: arrivalKey(digest), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : arrivalSchema.parse(Item);
  };
  return {
    get,
    note: async (arrival, forget) => {
      const isNew = await holds(() => table.client.send(new PutCommand(noteIn(table.name, arrival, forget))));
      if (isNew) return undefined;
      const earlier = await get(arrival.digest);
      // It can only be missing when TTL took it between the two requests; the client may simply try again.
      if (earlier === undefined) throw new Error('An arrival vanished while it was being noted');
      // The id was drawn for this arrival alone: what is found is our own write, whose reply was lost.
      return earlier.id === arrival.id ? undefined : earlier;
    },
    countRepeat: async (digest) => {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: arrivalKey(digest),
          UpdateExpression: 'ADD repeats :one',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
    },
  };
};
