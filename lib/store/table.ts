import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';

/** The one table: its client and its name. The shape of keys is in `keys.ts`. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

/** The name of the index by which things are found that are not found by their key. */
export const indexName = 'gsi1';

/** The error that DynamoDB gives when the condition of a write does not hold. */
export const conditionFailed = 'ConditionalCheckFailedException';

/** True for that error. */
export const isConditionFailed = (error: unknown): boolean =>
  error instanceof Error && error.name === conditionFailed;

/** Makes a write on a condition: true when it was written, false when the condition did not hold. @throws whatever else goes wrong. */
export const holds = async (write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
};

/** Reads a query to its end, a page at a time, each item through its schema; keys and index attributes fall away there. */
export async function* queryPages<S extends z.ZodType>(
  table: Table,
  schema: S,
  query: Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>,
): AsyncIterable<readonly z.infer<S>[]> {
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await table.client.send(
      new QueryCommand({
        ...query,
        TableName: table.name,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    yield (page.Items ?? []).map((item) => schema.parse(item));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** The same, one item at a time. */
export async function* queryItems<S extends z.ZodType>(
  table: Table,
  schema: S,
  query: Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>,
): AsyncIterable<z.infer<S>> {
  for await (const page of queryPages(table, schema, query)) yield* page;
}

/** The parts of an UpdateItem that sets the given fields and takes those away that are null. */
export const fieldChanges = (
  changes: Readonly<Record<string, unknown>>,
): {
  readonly UpdateExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
} => {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const set: string[] = [];
  const remove: string[] = [];
  for (const [index, [field, value]] of Object.entries(changes).entries()) {
    names[`#f${index}`] = field;
    if (value === null || value === undefined) {
      remove.push(`#f${index}`);
    } else {
      values[`:f${index}`] = value;
      set.push(`#f${index} = :f${index}`);
    }
  }
  return {
    UpdateExpression: [
      set.length > 0 ? `SET ${set.join(', ')}` : '',
      remove.length > 0 ? `REMOVE ${remove.join(', ')}` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
    ExpressionAttributeNames: names,
    // DynamoDB refuses an empty map of values.
    ...(set.length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
};

/** The parts of a condition that fields are as given; one that is undefined is to be absent. */
export const fieldConditions = (
  fields: Readonly<Record<string, unknown>>,
): {
  readonly conditions: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
} => {
  const entries = [...Object.entries(fields).entries()].map(([index, [field, value]]) => ({
    index,
    field,
    value,
  }));
  const given = entries.filter(({ value }) => value !== undefined);
  return {
    conditions: entries.map(({ index, value }) =>
      value === undefined ? `attribute_not_exists(#c${index})` : `#c${index} = :c${index}`,
    ),
    names: Object.fromEntries(entries.map(({ index, field }) => [`#c${index}`, field])),
    values: Object.fromEntries(given.map(({ index, value }) => [`:c${index}`, value])),
  };
};

/** Seconds since 1970, as DynamoDB's TTL wants them. */
export const ttl = (date: Date): number => Math.ceil(date.getTime() / 1000);
