import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Key } from './keys.ts';
import type { Table } from './table.ts';

// BatchWriteItem takes 25 items (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
const batchSize = 25;
const batchesAtOnce = 8;

const cut = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

const putBatch = async (table: Table, items: readonly (Key & object)[]): Promise<void> => {
  let requests = items.map((Item) => ({ PutRequest: { Item: { ...Item } } }));
  // A throttled batch is answered with what was left undone; the SDK does not repeat that part.
  for (let tries = 0; requests.length > 0; tries += 1) {
    if (tries === 8) throw new Error(`DynamoDB left ${requests.length} items unwritten`);
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** tries));
    const answer = await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.name]: requests } }),
    );
    const undone = new Set(
      (answer.UnprocessedItems?.[table.name] ?? []).map(({ PutRequest }) => String(PutRequest?.Item?.pk)),
    );
    requests = requests.filter(({ PutRequest }) => undone.has(PutRequest.Item.pk));
  }
};

/** Writes items, 25 in a request, over whatever is there; each has a partition of its own. */
export const putAll = async (table: Table, items: readonly (Key & object)[]): Promise<void> => {
  for (const wave of cut(cut(items, batchSize), batchesAtOnce)) {
    await Promise.all(wave.map((batch) => putBatch(table, batch)));
  }
};
