import { randomBytes } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { secretKey } from './keys.ts';
import type { Secrets } from './store.ts';
import { holds, type Table } from './table.ts';

const secretSchema = z.object({ secret: z.instanceof(Uint8Array) });

// As many as HMAC-SHA256 gives out: RFC 2104, section 3, advises against fewer.
const bytesOfKey = 32;

/** The secrets in DynamoDB, which encrypts what it keeps. */
export const secretsIn = (table: Table): Secrets => {
  const read = async (name: string): Promise<Buffer | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: secretKey(name), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : Buffer.from(secretSchema.parse(Item).secret);
  };
  return {
    key: async (name) => {
      const found = await read(name);
      if (found !== undefined) return found;
      const secret = randomBytes(bytesOfKey);
      const made = await holds(() =>
        table.client.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...secretKey(name), secret },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      );
      if (made) return secret;
      const now = await read(name);
      if (now === undefined) throw new Error(`The secret ${name} vanished while it was being made`);
      return now;
    },
  };
};
