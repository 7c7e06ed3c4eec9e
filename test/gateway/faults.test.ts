import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Blobs } from '../../lib/blobs/s3-blobs.ts';
import { storeInParts } from '../../lib/blobs/store-in-parts.ts';
import { sqsQueues } from '../../lib/queue/sqs-queues.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { GatewayOptions } from '../../lmtp-gateway/gateway.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { makeList, startTestGateway } from './gateway-under-test.ts';
import { LmtpClient } from './lmtp-client.ts';

const account = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

describe('when AWS does not do what the gateway asks', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
    await makeList(emulators, 'ant@example.com');
  });
  afterAll(async () => {
    await emulators.close();
  });

  const post = async (
    changes: Partial<GatewayOptions>,
    recipients: readonly string[],
    content: string,
  ): Promise<readonly string[]> => {
    const gateway = await startTestGateway(emulators, {}, changes);
    const client = await LmtpClient.open(gateway.port);
    try {
      await client.reply();
      await client.say('LHLO mta.example.org');
      return await client.mail('anne@example.org', recipients, content);
    } finally {
      client.close();
      await gateway.stop(0);
    }
  };

  it('tells only the recipient whose queue took nothing to come again, and takes the mail then', async () => {
    const sqs = new SQSClient({ ...account, endpoint: emulators.endpoint });
    const queues = sqsQueues(sqs, {
      ...emulators.queueUrls,
      command: `${emulators.endpoint}/000000000000/gone`,
    });
    const content = 'Subject: To two queues\r\n\r\nHello.\r\n';

    const first = await post({ queues }, ['ant@example.com', 'ant-join@example.com'], content);
    expect(first).toEqual([
      expect.stringMatching(/^250 2\.0\.0 Ok: accepted as /),
      '451 4.3.0 Requested action aborted: error in processing',
    ]);
    expect(await emulators.receive('in')).toHaveLength(1);

    const again = await post({}, ['ant-join@example.com'], content);
    expect(again).toEqual([expect.stringMatching(/^250 2\.0\.0 Ok: accepted before as /)]);
    const [message] = await emulators.receive('command');
    if (message?.type !== 'mail') throw new Error('the mail is lost');
    expect(message.metadata.subaddress).toBe('join');
    expect(String(await emulators.blobs.get(message.blob))).toContain('\r\n\r\nHello.\r\n');
    sqs.destroy();
  });

  it('accepts nothing that S3 does not have, and takes it when it comes again', async () => {
    const s3 = new S3Client({ ...account, endpoint: emulators.endpoint, forcePathStyle: true });
    const content = 'Subject: To no bucket\r\n\r\nHello.\r\n';

    const first = await post(
      { blobs: s3Blobs(s3, 'no-such-bucket', storeInParts) },
      ['ant@example.com', 'ant-owner@example.com'],
      content,
    );
    expect(first).toEqual([expect.stringMatching(/^451 4\.3\.0 /), expect.stringMatching(/^451 4\.3\.0 /)]);
    expect(await emulators.receive('in')).toEqual([]);

    const again = await post({}, ['ant@example.com', 'ant-owner@example.com'], content);
    expect(again).toEqual([expect.stringMatching(/^250 /), expect.stringMatching(/^250 /)]);
    const messages = await emulators.receive('in');
    expect(messages).toHaveLength(2);
    for (const message of messages) {
      if (message.type !== 'mail') throw new Error('no mail');
      expect(await emulators.blobs.get(message.blob)).toBeDefined();
    }
    s3.destroy();
  });

  it('accepts no large mail that S3 does not have, and is well afterwards', async () => {
    const s3 = new S3Client({ ...account, endpoint: emulators.endpoint, forcePathStyle: true });
    const content = `Subject: Large, to no bucket\r\n\r\n${'Hello, hello, hello.\r\n'.repeat(100_000)}`;

    const first = await post(
      { blobs: s3Blobs(s3, 'no-such-bucket', storeInParts) },
      ['ant@example.com'],
      content,
    );
    expect(first).toEqual([expect.stringMatching(/^451 4\.3\.0 /)]);
    const again = await post({}, ['ant@example.com'], content);
    expect(again).toEqual([expect.stringMatching(/^250 /)]);
    const [message] = await emulators.receive('in');
    if (message?.type !== 'mail') throw new Error('the mail is lost');
    const stored = String(await emulators.blobs.get(message.blob));
    expect(stored.slice(stored.indexOf('\r\n\r\n'))).toBe(content.slice(content.indexOf('\r\n\r\n')));
    s3.destroy();
  });

  it('never says that a list is unknown when it could not ask', async () => {
    const dynamo = new DynamoDBClient({ ...account, endpoint: emulators.dynamoEndpoint });
    const gateway = await startTestGateway(emulators, {}, { store: openStore(dynamo, 'no-such-table') });
    const client = await LmtpClient.open(gateway.port);
    await client.reply();
    await client.say('LHLO mta.example.org');
    await client.say('MAIL FROM:<anne@example.org>');
    expect(await client.say('RCPT TO:<ant@example.com>')).toBe(
      '451 4.3.0 Requested action aborted: error in processing',
    );
    expect(gateway.problems).toEqual([expect.stringContaining('gateway/recipient: ')]);
    client.close();
    await gateway.stop(0);
    dynamo.destroy();
  });
});
