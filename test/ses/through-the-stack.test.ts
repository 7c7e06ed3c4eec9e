import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keptPrefix } from '../../lib/blobs/keys.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { createList } from '../../lib/lists/create.ts';
import { addMembers } from '../../lib/members/add-members.ts';
import { readSesEvent, type SesEvent } from '../../lib/ses/ses-event.ts';
import { deliverLikeAnMta } from '../crash/mta.ts';
import { type Received, startRelay, type TestRelay } from '../harness/relay.ts';
import { type SesControl, sesControl } from '../harness/ses-stub.ts';
import { type Stack, startStack } from '../harness/stack.ts';

// A site that sends through Amazon SES, whole: gateway, functions and queues as the template says, and the stub of SES in place of SES.

const listAddress = 'ant@lists.example.com';
const members = ['anne@example.org', 'bart@example.org', 'cris@example.org'] as const;
const emulated = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

let relay: TestRelay;
let stack: Stack;
let ses: SesControl;
let s3: S3Client;
let sqs: SQSClient;

beforeAll(async () => {
  relay = await startRelay();
  stack = await startStack({
    config: {
      delivery: { transport: 'ses', retry_delay: 1 },
      ses: { domains: ['lists.example.com'] },
    },
    relay: { host: '127.0.0.1', port: relay.port },
  });
  ses = sesControl(stack.ses?.control ?? '');
  await ses.account({ max_send_rate: 200 });
  const { store, site, endpoints } = stack;
  s3 = new S3Client({ ...emulated, endpoint: endpoints.s3, forcePathStyle: true });
  sqs = new SQSClient({ ...emulated, endpoint: endpoints.sqs });
  const settings = { posting_chain: 'accept', dmarc_mitigate_action: 'no_mitigation' };
  const list = await createList(listAddress, { store, site, clock: systemClock }, { settings });
  await addMembers({ store, clock: systemClock }, list, members);
}, 120_000);
afterAll(async () => {
  s3.destroy();
  sqs.destroy();
  await stack.stop();
  await relay.close();
});

let posts = 0;

/** Posts, waits until nothing is under way any more, and gives what arrived. */
const post = async (lines: readonly string[] = []): Promise<readonly Received[]> => {
  const before = relay.received.length;
  const header = [
    'From: Anne Person <anne@example.org>',
    `To: ${listAddress}`,
    `Subject: Post ${++posts}`,
    `Message-ID: <post-${posts}@example.org>`,
    'Date: Fri, 20 Nov 2026 10:00:00 +0100',
    ...lines,
  ];
  await deliverLikeAnMta(
    () => stack.lmtpPort,
    'anne@example.org',
    [listAddress],
    `${header.join('\r\n')}\r\n\r\nHello.\r\n`,
  );
  await stack.idle();
  return relay.received.slice(before);
};

const shunted = async (): Promise<readonly string[]> => {
  const reasons: string[] = [];
  for await (const { reason } of stack.store.shunt.ls()) reasons.push(reason);
  return reasons;
};

/** The events that wait for a handler. */
const keptEvents = async (): Promise<readonly SesEvent[]> => {
  const Bucket = stack.made.bucket;
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: `${keptPrefix}waiting/ses-` }),
  );
  const events: SesEvent[] = [];
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const event = readSesEvent(JSON.parse((await Body?.transformToString()) ?? ''));
    if (event !== undefined) events.push(event);
  }
  return events;
};

afterEach(async () => {
  expect(await shunted()).toEqual([]);
});

describe('a post', () => {
  it('goes to each member by SES alone, from the list in the name of its author', async () => {
    const arrived = await post(['DKIM-Signature: v=1; d=example.org; b=x', 'Sender: secretary@example.org']);
    expect(arrived.map(({ recipients }) => recipients).toSorted()).toEqual(members.map((member) => [member]));
    for (const { sender, message } of arrived) {
      const text = message.toString('latin1');
      expect(sender).toMatch(/-000000@bounce\.lists\.example\.com$/);
      expect(text).toMatch(/^From: "?Anne Person via Ant"? <ant@lists\.example\.com>\r$/m);
      expect(text).toMatch(/^(Reply-To|Cc): .*anne@example\.org/m);
      expect(text).toMatch(/^Message-ID: <0100\S+@email\.amazonses\.com>\r$/m);
      expect(text).not.toMatch(/^(DKIM-Signature|Sender):/m);
      expect(text.endsWith('\r\n\r\nHello.\r\n')).toBe(true);
    }
  }, 60_000);

  it('waits while the account is paused, and bounces nobody', async () => {
    await ses.account({ sending: 'paused' });
    const before = relay.received.length;
    await deliverLikeAnMta(
      () => stack.lmtpPort,
      'anne@example.org',
      [listAddress],
      `From: anne@example.org\r\nTo: ${listAddress}\r\nSubject: paused\r\n\r\nHello.\r\n`,
    );
    await expect
      .poll(() => stack.store.parking.read(), { timeout: 20_000 })
      .toMatchObject({ reason: expect.stringContaining('paused sending') });
    expect(relay.received).toHaveLength(before);
    await ses.account({ sending: 'enabled' });
    await relay.deliveries(before + members.length, 30_000);
    await stack.idle();
    expect(await keptEvents()).toEqual([]);
  }, 90_000);
});

describe('what SES tells', () => {
  it('scores whose mail came back, and takes off the list who complained; nothing of it is shunted', async () => {
    await ses.fate('bart@example.org', 'permanent');
    await ses.fate('cris@example.org', 'complaint');
    const arrived = await post();
    await ses.fate('bart@example.org', null);
    await ses.fate('cris@example.org', null);
    await stack.idle();
    // The owners are told of the complaint, which may have come by then.
    const received = arrived
      .flatMap(({ recipients }) => recipients)
      .filter((to) => to.endsWith('@example.org'));
    expect(received.toSorted()).toEqual(['anne@example.org', 'cris@example.org']);
    const member = (email: string) => stack.store.members.get('ant.lists.example.com', 'member', email);
    expect(await member('bart@example.org')).toMatchObject({ bounce_score: 1 });
    expect(await member('cris@example.org')).toBeUndefined();
    expect(await member('anne@example.org')).not.toHaveProperty('bounce_score');
    expect(await keptEvents()).toEqual([]);
    expect(await shunted()).toEqual([]);
  }, 60_000);

  it('at first is a greeting, which is no defect; what Belfry did not ask for is', async () => {
    const tell = (MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl: stack.made.queueUrls.bounces, MessageBody }));
    const before = (await keptEvents()).length;
    await tell('Successfully validated SNS topic for Amazon SES event publishing.');
    await stack.idle();
    expect(await keptEvents()).toHaveLength(before);
    expect(await shunted()).toEqual([]);
    await tell(JSON.stringify({ eventType: 'Open', mail: { messageId: 'x', timestamp: 'y' }, open: {} }));
    await stack.idle();
    expect(await shunted()).toEqual([expect.stringContaining('tells of a "Open"')]);
    for await (const { id } of stack.store.shunt.ls()) await stack.store.shunt.remove(id);
  }, 60_000);
});

describe('the quota', () => {
  it('is read by the function of that name', async () => {
    await ses.account({ max_send_rate: 123, max_24_hour_send: 70_000, sent_last_24_hours: 9 });
    await stack.invoke('quota');
    expect(await stack.store.pace.get()).toMatchObject({ max_per_second: 123, max_24h: 70_000, sent_24h: 9 });
  });
});
