import { BatchGetCommand, type BatchGetCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import type { Table } from './table.ts';

// BatchGetItem takes 100 keys (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
const keysAtOnce = 100;

/** Reads items by their keys, of which none may stand there twice; what DynamoDB leaves undone under load is asked for again. */
export const itemsOf = async (table: Table, keys: readonly Key[]): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    let left: NonNullable<BatchGetCommandInput['RequestItems']> = {
      [table.name]: {
        Keys: keys.slice(from, from + keysAtOnce).map((key) => ({ ...key })),
        ConsistentRead: true,
      },
    };
    while (Object.keys(left).length > 0) {
      const { Responses, UnprocessedKeys } = await table.client.send(
        new BatchGetCommand({ RequestItems: left }),
      );
      found.push(...(Responses?.[table.name] ?? []));
      left = UnprocessedKeys ?? {};
    }
  }
  return found;
};
