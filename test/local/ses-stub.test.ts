import {
  GetAccountSendingEnabledCommand,
  GetIdentityDkimAttributesCommand,
  GetIdentityMailFromDomainAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  GetSendQuotaCommand,
  SendRawEmailCommand,
  type SendRawEmailCommandInput,
  UpdateAccountSendingEnabledCommand,
} from '@aws-sdk/client-ses';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fate } from '../../infra/local/emulators/ses/account.ts';
import { fullBucket, takeFrom } from '../../infra/local/emulators/ses/token-bucket.ts';
import { configurationSet, type SesBench, startSesBench } from '../harness/ses-stub.ts';

let bench: SesBench;
beforeAll(async () => {
  bench = await startSesBench();
});
afterAll(() => bench.close());

const usual = {
  sending: 'enabled',
  configuration_set_sending: true,
  max_send_rate: 1000,
  max_24_hour_send: 50_000,
  sent_last_24_hours: 0,
  throttle: 0,
} as const;
beforeAll(() => bench.control.account(usual));
afterEach(async () => {
  await bench.control.account(usual);
  bench.relay.says({});
});

const header = [
  'From: Anne via Ant <ant@lists.example.com>',
  'To: ant@lists.example.com',
  'Subject: Hello',
  'Message-ID: <first@example.org>',
  'Date: Fri, 20 Nov 2026 10:00:00 +0100',
];

const mailOf = (lines: readonly string[], text = 'Hi.'): Buffer =>
  Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}\r\n`, 'latin1');

const mail = mailOf(header);

const send = (given: Partial<SendRawEmailCommandInput> & { readonly raw?: Buffer } = {}) => {
  const { raw = mail, ...rest } = given;
  return bench.client.send(
    new SendRawEmailCommand({
      Source: 'ant-bounces@lists.example.com',
      Destinations: ['bart@example.org'],
      ConfigurationSetName: configurationSet,
      RawMessage: { Data: raw },
      ...rest,
    }),
  );
};

/** Puts a field in the place of the one with its name. */
const withField = (field: string): Buffer => {
  const name = field.slice(0, field.indexOf(':') + 1);
  return mailOf([...header.filter((line) => !line.startsWith(name)), field]);
};

describe('a mail that SES takes', () => {
  it('has another Message-ID and Date, a Feedback-ID, and an envelope sender of SES', async () => {
    const before = bench.relay.received.length;
    const { MessageId = '' } = await send();
    expect(MessageId).toMatch(/^0100[0-9a-f]{12}-[0-9a-f-]{36}-000000$/);
    const [arrived] = bench.relay.received.slice(before);
    expect(arrived?.recipients).toEqual(['bart@example.org']);
    expect(arrived?.sender).toBe(`${MessageId}@bounce.lists.example.com`);
    const text = arrived?.message.toString('latin1') ?? '';
    expect(text).toContain(`\r\nMessage-ID: <${MessageId}@email.amazonses.com>\r\n`);
    expect(text).not.toContain('first@example.org');
    expect(text).not.toContain('10:00:00 +0100');
    expect(text).toMatch(/\r\nFeedback-ID: ::1\.us-east-1\.\S+:AmazonSES\r\n/);
    expect(text).toMatch(/^Return-Path: <\S+@bounce\.lists\.example\.com>\r\n/);
    expect(text).toContain('\r\nFrom: Anne via Ant <ant@lists.example.com>\r\n');
    expect(text.endsWith('\r\n\r\nHi.\r\n')).toBe(true);
  });

  it('goes to those whom the call names, and otherwise to those whom the header names, without its Bcc', async () => {
    const before = bench.relay.received.length;
    const raw = mailOf([...header, 'Bcc: cris@example.org']);
    await send({ raw, Destinations: undefined });
    const [arrived] = bench.relay.received.slice(before);
    expect(arrived?.recipients).toEqual(['ant@lists.example.com', 'cris@example.org']);
    expect(arrived?.message.toString()).not.toContain('Bcc');
  });

  it('may be as large as 10 MB, have lines of 1,000 octets, and go to 50 recipients', async () => {
    const line = `${'x'.repeat(998)}\r\n`;
    const room = 10_485_760 - mailOf(header, '').length;
    const text = line.repeat(Math.floor(room / 1000)) + 'y'.repeat(room % 1000);
    const raw = mailOf(header, text);
    expect(raw.length).toBe(10_485_760);
    const Destinations = Array.from({ length: 50 }, (_, index) => `m${index}@example.org`);
    await expect(send({ raw, Destinations })).resolves.toMatchObject({
      MessageId: expect.stringContaining('-000000'),
    });
  });
});

describe('a mail that SES refuses', () => {
  const unverified = (identities: string) =>
    `Email address is not verified. The following identities failed the check in region US-EAST-1: ${identities}`;
  const signature = 'DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x; b=y';

  it.each<{
    readonly what: string;
    readonly call: () => Partial<SendRawEmailCommandInput> & { readonly raw?: Buffer };
    readonly code: string;
    readonly says: string;
  }>([
    {
      what: 'two signatures',
      call: () => ({ raw: mailOf([...header, signature, signature.replace('s=x', 's=z')]) }),
      code: 'InvalidParameterValue',
      says: "Duplicate header 'DKIM-Signature'.",
    },
    {
      what: 'two List-Unsubscribe',
      call: () => ({
        raw: mailOf([...header, 'List-Unsubscribe: <mailto:a@b.c>', 'list-unsubscribe: <mailto:a@b.c>']),
      }),
      code: 'InvalidParameterValue',
      says: "Duplicate header 'list-unsubscribe'.",
    },
    {
      what: 'an author from elsewhere',
      call: () => ({ raw: withField('From: Anne <anne@example.org>') }),
      code: 'MessageRejected',
      says: unverified('Anne <anne@example.org>'),
    },
    {
      what: 'a Sender from elsewhere',
      call: () => ({ raw: mailOf([...header, 'Sender: anne@example.org']) }),
      code: 'MessageRejected',
      says: unverified('anne@example.org'),
    },
    {
      what: 'a Source from elsewhere',
      call: () => ({ Source: 'anne@lists.example.org' }),
      code: 'MessageRejected',
      says: unverified('anne@lists.example.org'),
    },
    {
      what: 'a Return-Path from elsewhere',
      call: () => ({ raw: mailOf(['Return-Path: <anne@example.org>', ...header]) }),
      code: 'MessageRejected',
      says: unverified('<anne@example.org>'),
    },
    {
      what: 'a domain that only ends alike',
      call: () => ({ raw: withField('From: ant@evil-lists.example.com') }),
      code: 'MessageRejected',
      says: unverified('ant@evil-lists.example.com'),
    },
    {
      what: 'a null sender',
      call: () => ({ Source: '<>' }),
      code: 'InvalidParameterValue',
      says: 'Illegal address',
    },
    {
      what: 'a null Return-Path',
      call: () => ({ raw: mailOf(['Return-Path: <>', ...header]) }),
      code: 'InvalidParameterValue',
      says: 'Illegal address',
    },
    {
      what: 'more than 50 recipients',
      call: () => ({ Destinations: Array.from({ length: 51 }, (_, index) => `m${index}@example.org`) }),
      code: 'InvalidParameterValue',
      says: 'Recipient count exceeds 50.',
    },
    {
      what: 'a recipient without a domain',
      call: () => ({ Destinations: ['bart'] }),
      code: 'InvalidParameterValue',
      says: "Missing final '@domain'",
    },
    {
      what: 'a recipient with a blank',
      call: () => ({ Destinations: ['bart b@example.org'] }),
      code: 'InvalidParameterValue',
      says: 'Local address contains control or whitespace',
    },
    {
      what: 'a recipient that is not ASCII',
      call: () => ({ Destinations: ['b\u00e4rt@example.org'] }),
      code: 'InvalidParameterValue',
      says: 'Local address contains control or whitespace',
    },
    {
      what: 'two dots in a domain',
      call: () => ({ Destinations: ['bart@example..org'] }),
      code: 'InvalidParameterValue',
      says: 'Domain contains dot-dot',
    },
    {
      what: 'an address in Cc that is not ASCII',
      call: () => ({ raw: mailOf([...header, 'Cc: B <bart@ex\u00e4mple.org>']) }),
      code: 'InvalidParameterValue',
      says: 'Domain contains control or whitespace',
    },
    {
      what: 'more than 10 MB',
      call: () => ({ raw: mailOf(header, 'x\r\n'.repeat(3_495_300)) }),
      code: 'InvalidParameterValue',
      says: 'Message length is more than 10485760 bytes long',
    },
    {
      what: 'a line of 1,001 octets',
      call: () => ({ raw: mailOf(header, 'x'.repeat(999)) }),
      code: 'InvalidParameterValue',
      says: 'Line too long',
    },
    {
      what: 'no From',
      call: () => ({ raw: mailOf(header.slice(1)) }),
      code: 'InvalidParameterValue',
      says: "Missing required header 'From'.",
    },
    {
      what: 'a tag with a dot',
      call: () => ({ Tags: [{ Name: 'list', Value: 'ant.lists.example.com' }] }),
      code: 'InvalidParameterValue',
      says: 'must be alphanumeric',
    },
    {
      what: 'a configuration set that does not exist',
      call: () => ({ ConfigurationSetName: 'Other' }),
      code: 'ConfigurationSetDoesNotExistException',
      says: 'Configuration set <Other> does not exist.',
    },
  ])('is one with $what', async ({ call, code, says }) => {
    const before = bench.relay.received.length;
    await expect(send(call())).rejects.toMatchObject({
      name: code,
      message: expect.stringContaining(says),
    });
    expect(bench.relay.received).toHaveLength(before);
  });
});

describe('the account', () => {
  it('tells its quota, and counts recipients', async () => {
    await bench.control.account({ max_send_rate: 14, max_24_hour_send: 50_000, sent_last_24_hours: 7 });
    await send({ Destinations: ['bart@example.org', 'cris@example.org'] });
    expect(await bench.client.send(new GetSendQuotaCommand({}))).toMatchObject({
      Max24HourSend: 50_000,
      MaxSendRate: 14,
      SentLast24Hours: 9,
    });
  });

  it('throttles what is too fast, and as often as it is told', async () => {
    await bench.control.account({ throttle: 2 });
    const throttled = { name: 'Throttling', message: 'Maximum sending rate exceeded.' };
    await expect(send()).rejects.toMatchObject(throttled);
    await expect(send()).rejects.toMatchObject(throttled);
    await expect(send()).resolves.toBeDefined();
    await bench.control.account({ max_send_rate: 0.001 });
    await expect(send()).rejects.toMatchObject(throttled);
  });

  it('has a quota that is used up, and one of the sandbox, where recipients must be verified', async () => {
    await bench.control.account({ sent_last_24_hours: 50_000 });
    await expect(send()).rejects.toMatchObject({
      name: 'Throttling',
      message: 'Daily message quota exceeded.',
    });
    await bench.control.account({ max_24_hour_send: 200, sent_last_24_hours: 0 });
    await expect(send()).rejects.toMatchObject({
      name: 'MessageRejected',
      message: expect.stringContaining('US-EAST-1: bart@example.org'),
    });
    await expect(send({ Destinations: ['success@simulator.amazonses.com'] })).resolves.toBeDefined();
  });

  it.each([
    [{ sending: 'paused' }, 'AccountSendingPausedException', 'disabled for your account'],
    [{ sending: 'suspended' }, 'MessageRejected', 'Sending suspended for this account'],
    [
      { configuration_set_sending: false },
      'ConfigurationSetSendingPausedException',
      'disabled for the configuration set',
    ],
  ] as const)('sends nothing while it is %j', async (changes, name, says) => {
    await bench.control.account(changes);
    await expect(send()).rejects.toMatchObject({ name, message: expect.stringContaining(says) });
  });

  it('can be paused and resumed by its owner', async () => {
    const isEnabled = async () => (await bench.client.send(new GetAccountSendingEnabledCommand({}))).Enabled;
    await bench.client.send(new UpdateAccountSendingEnabledCommand({ Enabled: false }));
    expect(await isEnabled()).toBe(false);
    await bench.client.send(new UpdateAccountSendingEnabledCommand({ Enabled: true }));
    expect(await isEnabled()).toBe(true);
  });

  it('knows its identities and no others', async () => {
    const Identities = ['lists.example.com', 'example.org'];
    const { client } = bench;
    const { VerificationAttributes } = await client.send(
      new GetIdentityVerificationAttributesCommand({ Identities }),
    );
    expect(VerificationAttributes).toEqual({ 'lists.example.com': { VerificationStatus: 'Success' } });
    const { DkimAttributes } = await client.send(new GetIdentityDkimAttributesCommand({ Identities }));
    expect(DkimAttributes?.['lists.example.com']).toMatchObject({
      DkimVerificationStatus: 'Success',
      DkimTokens: [expect.any(String), expect.any(String), expect.any(String)],
    });
    expect(DkimAttributes?.['example.org']).toMatchObject({ DkimVerificationStatus: 'NotStarted' });
    const { MailFromDomainAttributes } = await client.send(
      new GetIdentityMailFromDomainAttributesCommand({ Identities }),
    );
    expect(MailFromDomainAttributes?.['lists.example.com']).toMatchObject({
      MailFromDomain: 'bounce.lists.example.com',
    });
  });

  it('cannot be told nonsense', async () => {
    const { control } = bench;
    await expect(control.account({ max_send_rate: -1 })).rejects.toThrow('max_send_rate');
    await expect(control.happen('nobody@example.org', 'permanent')).rejects.toThrow('Nothing was sent');
  });
});

describe('what SES tells afterwards', () => {
  const Tags = [
    { Name: 'post', Value: 'p1' },
    { Name: 'member', Value: 'm7' },
  ];

  const tellings: readonly (readonly [Fate, boolean, object])[] = [
    [
      'permanent',
      false,
      {
        eventType: 'Bounce',
        bounce: {
          bounceType: 'Permanent',
          bouncedRecipients: [{ emailAddress: 'eve@example.org', status: '5.1.1' }],
        },
      },
    ],
    [
      'transient',
      false,
      { eventType: 'Bounce', bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' } },
    ],
    [
      'suppressed',
      false,
      { eventType: 'Bounce', bounce: { bounceType: 'Permanent', bounceSubType: 'Suppressed' } },
    ],
    ['complaint', true, { eventType: 'Complaint', complaint: { complaintFeedbackType: 'abuse' } }],
    [
      'delay',
      true,
      { eventType: 'DeliveryDelay', deliveryDelay: { delayedRecipients: [{ status: '4.4.1' }] } },
    ],
    ['reject', false, { eventType: 'Reject', reject: { reason: 'Bad content' } }],
  ];

  it.each(tellings)('is on the queue as SES wrote it: %s', async (fate, arrives, expected) => {
    const before = bench.relay.received.length;
    await bench.control.fate('Eve@example.org', fate);
    const { MessageId } = await send({ Destinations: ['eve@example.org'], Tags });
    await bench.control.fate('eve@example.org', null);
    expect(await bench.event()).toMatchObject({
      ...expected,
      mail: {
        messageId: MessageId,
        source: 'ant-bounces@lists.example.com',
        destination: ['eve@example.org'],
        commonHeaders: { subject: 'Hello', from: ['Anne via Ant <ant@lists.example.com>'] },
        tags: {
          post: ['p1'],
          member: ['m7'],
          'ses:configuration-set': [configurationSet],
          'ses:from-domain': ['lists.example.com'],
        },
      },
    });
    expect(bench.relay.received.length - before).toBe(arrives ? 1 : 0);
  });

  it('can come long after the mail', async () => {
    const { MessageId } = await send({ Destinations: ['late@example.org'] });
    await bench.control.happen('late@example.org', 'complaint');
    expect(await bench.event()).toMatchObject({ eventType: 'Complaint', mail: { messageId: MessageId } });
  });

  it('is what the server of the recipient said', async () => {
    bench.relay.says({ rcpt: () => '550 5.1.1 No such user' });
    await send();
    expect(await bench.event()).toMatchObject({
      eventType: 'Bounce',
      bounce: { bouncedRecipients: [{ diagnosticCode: 'smtp; 550 5.1.1 No such user' }] },
    });
    bench.relay.says({ dot: () => '451 4.3.0 Later' });
    await send();
    expect(await bench.event()).toMatchObject({
      eventType: 'DeliveryDelay',
      deliveryDelay: { delayedRecipients: [{ status: '4.3.0' }] },
    });
  });

  it('knows the addresses of the mailbox simulator', async () => {
    await send({ Destinations: ['bounce+label@simulator.amazonses.com'] });
    expect(await bench.event()).toMatchObject({ eventType: 'Bounce' });
  });
});

describe('the rate', () => {
  it('is a second of tokens that fill again, and a debt after one mail to many', () => {
    let bucket = fullBucket(14, 0);
    for (let sent = 0; sent < 14; sent += 1) bucket = takeFrom(bucket, 14, 1, 0) ?? { tokens: NaN, at: 0 };
    expect(bucket.tokens).toBe(0);
    expect(takeFrom(bucket, 14, 1, 50)).toBeUndefined();
    expect(takeFrom(bucket, 14, 1, 100)?.tokens).toBeCloseTo(0.4);
    const debt = takeFrom(fullBucket(1, 0), 1, 5, 0);
    expect(debt?.tokens).toBe(-4);
    expect(takeFrom(debt ?? fullBucket(1, 0), 1, 1, 4999)).toBeUndefined();
    expect(takeFrom(debt ?? fullBucket(1, 0), 1, 1, 5000)?.tokens).toBe(0);
  });
});
