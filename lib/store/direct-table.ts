import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { type DirectOptions, directRequests } from '../aws/direct-requests.ts';
import { jsonRequest } from '../aws/json-request.ts';
import { answerFromJson, requestJson } from './item-json.ts';
import { conditionFailed } from './table.ts';

/** The requests that a runner makes. */
const operations: Readonly<Record<string, string>> = {
  GetItemCommand: 'GetItem',
  PutItemCommand: 'PutItem',
  UpdateItemCommand: 'UpdateItem',
  DeleteItemCommand: 'DeleteItem',
  QueryCommand: 'Query',
  BatchGetItemCommand: 'BatchGetItem',
  BatchWriteItemCommand: 'BatchWriteItem',
};

/** What DynamoDB answered; undefined when it cannot be read, and then the SDK is asked. */
const read = (answer: Buffer): object | undefined => {
  try {
    return Object(answerFromJson(answer.toString()));
  } catch {
    return undefined;
  }
};

/**
 * Makes a client send what a runner asks of its table past the SDK's stack of steps, and by it when that fails; gives the same client. It is to be
 * used by a DynamoDBDocumentClient: what comes in and goes out are plain values.
 */
export const directTable = (
  client: DynamoDBClient,
  tableName: string,
  options: Pick<DirectOptions, 'tell' | 'restMs' | 'patienceMs'>,
): DynamoDBClient => {
  const send = directRequests({
    ...options,
    service: 'dynamodb',
    config: client.config,
    endpoint: () => getEndpointFromInstructions({ TableName: tableName }, GetItemCommand, client.config),
  });
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const operation = operations[commandName];
        if (operation === undefined) return next(args);
        const answer = await send({
          ...jsonRequest(`DynamoDB_20120810.${operation}`, requestJson(args.input)),
          refusal: conditionFailed,
          refused: () =>
            new ConditionalCheckFailedException({
              $metadata: {},
              message: 'The condition of the write does not hold',
            }),
        });
        const output = answer === undefined ? undefined : read(answer);
        return output === undefined
          ? next(args)
          : { response: undefined, output: { ...output, $metadata: {} } };
      },
    { step: 'initialize', name: 'directTable' },
  );
  return client;
};
