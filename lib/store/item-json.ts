import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** The parts of requests and answers that hold the attributes of an item, and those that hold a list of such. */
const ofItems = new Set([
  'Key',
  'Item',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'Attributes',
  'LastEvaluatedKey',
  'Items',
  'Keys',
]);

type Part = Record<string, unknown>;

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null;

/** The same with every item in it translated, wherever it is. */
const translated = (value: unknown, translate: (item: Part) => unknown, isItem = false): unknown => {
  if (Array.isArray(value)) return value.map((one) => translated(one, translate, isItem));
  if (!isPart(value)) return value;
  if (isItem) return translate(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      // What BatchGetItem found is below the name of its table.
      const parts = key === 'Responses' && isPart(part) ? Object.entries(part) : undefined;
      if (parts === undefined) return [key, translated(part, translate, ofItems.has(key))];
      return [
        key,
        Object.fromEntries(parts.map(([table, found]) => [table, translated(found, translate, true)])),
      ];
    }),
  );
};

/** Bytes are Base64 in JSON; a Buffer would be written otherwise before anybody is asked. */
function bytesAsText(this: Part, key: string, value: unknown): unknown {
  const held = this[key];
  return held instanceof Uint8Array
    ? Buffer.from(held.buffer, held.byteOffset, held.byteLength).toString('base64')
    : value;
}

const bytesFromText = (key: string, value: unknown): unknown =>
  key === 'B' && typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value;

/**
 * A request of the DynamoDB API with plain values for attributes, as its JSON
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html). An attribute that is undefined is left out.
 */
export const requestJson = (input: object): string =>
  JSON.stringify(
    translated(input, (item) => marshall(item, { removeUndefinedValues: true })),
    bytesAsText,
  );

const isItem = (part: Part): part is Record<string, AttributeValue> => Object.values(part).every(isPart);

const plain = (part: Part): unknown => {
  if (!isItem(part)) throw new SyntaxError('DynamoDB answered with what is no item');
  return unmarshall(part);
};

/** An answer of the DynamoDB API with plain values for attributes. @throws SyntaxError for what is no JSON or no item. */
export const answerFromJson = (text: string): unknown =>
  // A reviver is asked about every value, and bytes are rare.
  translated(JSON.parse(text, text.includes('"B":"') ? bytesFromText : undefined), plain);
