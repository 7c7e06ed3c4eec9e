import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { type DirectOptions, directRequests } from '../aws/direct-requests.ts';
import { noteIn } from './arrivals.ts';
import type { Arrivals } from './store.ts';
import { conditionFailed } from './table.ts';

/**
 * The same arrivals, but one that is new is noted by a request of our own. Whatever else comes of it, the arrival is noted once
 * more by the SDK, which then may find this very arrival: its id tells (`arrivals.ts`).
 */
export const directNotes = (
  client: DynamoDBClient,
  tableName: string,
  arrivals: Arrivals,
  options: Pick<DirectOptions, 'tell' | 'restMs' | 'patienceMs'>,
): Arrivals => {
  const send = directRequests({
    ...options,
    service: 'dynamodb',
    config: client.config,
    endpoint: () => getEndpointFromInstructions({ TableName: tableName }, PutItemCommand, client.config),
  });
  return {
    ...arrivals,
    note: async (arrival, forget) => {
      const { Item, ExpressionAttributeValues, ...rest } = noteIn(tableName, arrival, forget);
      const put = {
        ...rest,
        Item: marshall(Item),
        ExpressionAttributeValues: marshall(ExpressionAttributeValues),
      };
      const noted = await send({
        method: 'POST',
        path: '/',
        // The JSON protocol of DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'DynamoDB_20120810.PutItem',
        },
        body: Buffer.from(JSON.stringify(put)),
        refusal: conditionFailed,
      });
      return noted === undefined ? arrivals.note(arrival, forget) : undefined;
    },
  };
};
