import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { forEachAtOnce } from '../../lib/concurrency/for-each-at-once.ts';

// The yardstick of the bench `members`: items of a member's size, put one by one with as many requests under way as the command line
// has, and nothing else: no addresses are read, nothing is asked before.

/** What to put, and where. */
export interface PutOrder {
  readonly endpoint: string;
  readonly region: string;
  readonly table: string;
  readonly count: number;
}

const { endpoint, region, table, count }: PutOrder = JSON.parse(process.argv[2] ?? '{}');
const client = new DynamoDBClient({
  endpoint,
  region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const run = `${process.pid}`;
const numbers = Array.from({ length: count }, (_, index) => index);

await forEachAtOnce(numbers, 32, async (number) => {
  const address = `m${number}@example${number % 50}.org`;
  const item = {
    pk: `BARE#${run}`,
    sk: `member#${address}`,
    gsi1pk: `ADDRESS#${address}`,
    gsi1sk: `bare.example.com#${run}`,
    member_id: '0123456789abcdef0123456789abcdef',
    list_id: 'bare.example.com',
    role: 'member',
    email: address,
    display_name: `Member ${number}`,
    subscribed_at: '2026-11-20T12:00:00.000Z',
  };
  await client.send(
    new PutItemCommand({
      TableName: table,
      Item: Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }])),
    }),
  );
});
client.destroy();
process.stdout.write(`${JSON.stringify({ count })}\n`);
