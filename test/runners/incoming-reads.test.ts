import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AwsMeter, startMeter } from '../../bench/price/aws-meter.ts';
import { runIncoming } from '../../lib/runners/incoming.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let meter: AwsMeter;
beforeAll(async () => {
  world = await openWorld();
  meter = await startMeter();
  meter.standBefore({ sqs: world.endpoint, s3: world.endpoint, dynamodb: world.dynamoEndpoint });
});
afterAll(async () => {
  await meter.stop();
  await world.close();
});

it.each([1, 300])(
  'an ordinary post with three sender headers reads six items, on a list of %s members',
  async (size) => {
    const list = await world.listOf('anne@example.org');
    for (let number = 1; number < size; number += 1) await world.member(list, `m${number}@example.org`);
    const mail = [
      'From: anne@example.org',
      'Reply-To: anne.person@example.net',
      'Sender: secretary@example.org',
      `To: ${list.list_name}@${list.mail_host}`,
      'Subject: hello',
      '',
      'body',
    ].join('\r\n');
    const message = await world.arrive(list, Buffer.from(mail));
    const account = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    const client = new DynamoDBClient({ ...account, endpoint: meter.endpoints.dynamodb });
    try {
      meter.read();
      await runIncoming(message, { ...world.ports, store: openStore(client, world.table) });
      // A consistent read takes a unit for each item and each 4 KB of it, also when there is none: so many units are at most so many items.
      expect(meter.read().readUnits).toBeLessThanOrEqual(6);
      expect((await world.recordOf(message.id)).disposition).toBe('accepted');
    } finally {
      client.destroy();
    }
  },
);
