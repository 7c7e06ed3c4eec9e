import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { type DirectOptions, directRequests } from '../aws/direct-requests.ts';
import { jsonRequest } from '../aws/json-request.ts';
import { noteIn } from './arrivals.ts';
import { requestJson } from './item-json.ts';
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
      const noted = await send({
        ...jsonRequest('DynamoDB_20120810.PutItem', requestJson(noteIn(tableName, arrival, forget))),
        refusal: conditionFailed,
      });
      return noted === undefined ? arrivals.note(arrival, forget) : undefined;
    },
  };
};
