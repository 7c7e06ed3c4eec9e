import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Parked, parkedSchema } from '../delivery/parked.ts';
import { parkedKey } from './keys.ts';
import type { Parking } from './store.ts';
import { isConditionFailed, type Table } from './table.ts';

/** Parking in DynamoDB: one item, which is there while delivery is parked. */
export const parkingIn = (table: Table): Parking => {
  const where = { TableName: table.name, Key: parkedKey('out') };
  const epochIs = (parked: Parked) => ({
    ConditionExpression: 'epoch = :epoch',
    ExpressionAttributeValues: { ':epoch': parked.epoch },
  });

  return {
    read: async () => {
      // Who reads a moment too late asks the relay once more, and is refused once more.
      const { Item } = await table.client.send(new GetCommand(where));
      return Item === undefined ? undefined : parkedSchema.parse(Item);
    },
    park: async ({ reason, now, until }) => {
      const { Attributes } = await table.client.send(
        new UpdateCommand({
          ...where,
          UpdateExpression:
            'SET queue = :queue, reason = :reason, since = if_not_exists(since, :now), #until = :until ADD epoch :one',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: {
            ':queue': 'out',
            ':reason': reason,
            ':now': now.getTime(),
            ':until': until.getTime(),
            ':one': 1,
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return parkedSchema.parse(Attributes);
    },
    probe: async (parked, until) => {
      const { ExpressionAttributeValues, ConditionExpression } = epochIs(parked);
      try {
        const { Attributes } = await table.client.send(
          new UpdateCommand({
            ...where,
            UpdateExpression: 'SET #until = :until ADD epoch :one',
            ConditionExpression,
            ExpressionAttributeNames: { '#until': 'until' },
            ExpressionAttributeValues: {
              ...ExpressionAttributeValues,
              ':until': until.getTime(),
              ':one': 1,
            },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return parkedSchema.parse(Attributes);
      } catch (error) {
        if (isConditionFailed(error)) return undefined;
        throw error;
      }
    },
    resume: async (parked) => {
      try {
        const { Attributes } = await table.client.send(
          new DeleteCommand({
            ...where,
            ...(parked === undefined ? {} : epochIs(parked)),
            ReturnValues: 'ALL_OLD',
          }),
        );
        return Attributes === undefined ? undefined : parkedSchema.parse(Attributes);
      } catch (error) {
        if (isConditionFailed(error)) return undefined;
        throw error;
      }
    },
  };
};
