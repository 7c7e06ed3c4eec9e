import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { region } from '../../infra/local/names.ts';
import { forEachAtOnce } from '../../lib/concurrency/for-each-at-once.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { addressIndex, memberKey } from '../../lib/store/keys.ts';
import type { Stack } from '../../test/harness/stack.ts';

const batchSize = 25;

/** The address of the n-th member: fifty domains, so that a roster has something to sort. */
const addressOf = (number: number): string => `m${number}@example${number % 50}.org`;

/**
 * Gives a list very many members by BatchWriteItem: the store adds one at a time, because each may be there already, and 100,000 of
 * them are more minutes than this bench needs for what it measures.
 */
export const giveMembers = async (stack: Stack, list: MailingList, count: number): Promise<void> => {
  const dynamo = new DynamoDBClient({
    region,
    endpoint: stack.endpoints.dynamodb,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const client = DynamoDBDocumentClient.from(dynamo);
  const firsts = Array.from({ length: Math.ceil(count / batchSize) }, (_, index) => index * batchSize);
  await forEachAtOnce(firsts, 8, async (first) => {
    const numbers = Array.from({ length: Math.min(batchSize, count - first) }, (_, index) => first + index);
    const requests = numbers.map((number) => {
      const email = addressOf(number);
      const member = {
        member_id: randomUUID().replaceAll('-', ''),
        list_id: list.list_id,
        role: 'member',
        email,
        display_name: `Member ${number}`,
        subscribed_at: '2026-11-20T12:00:00.000Z',
      };
      const keys = memberKey(list.list_id, 'member', email);
      const index = { gsi1pk: addressIndex(email), gsi1sk: `${list.list_id}#member` };
      return { PutRequest: { Item: { ...keys, ...index, ...member } } };
    });
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteCommand({ RequestItems: { [stack.made.table]: requests } }),
    );
    if (Object.keys(UnprocessedItems).length > 0) throw new Error('The emulator left members unwritten');
  });
  dynamo.destroy();
};
