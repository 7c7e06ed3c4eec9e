import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { systemClock } from '../../lib/clock/clock.ts';
import { variables } from '../../lib/config/environment.ts';
import { readSite } from '../../lib/config/site.ts';
import { codesOf } from '../../lib/delivery/smtp-replies.ts';
import type { Transaction, TransactionOutcome } from '../../lib/delivery/transport.ts';
import { openSesTransport } from '../../lib/ses/open-transport.ts';
import { readQuota } from '../../lib/ses/read-quota.ts';
import type { SesTransport } from '../../lib/ses/ses-transport.ts';
import { largestSesMail } from '../../lib/ses/size.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';
import { configurationSet, type SesBench, startSesBench } from '../harness/ses-stub.ts';
import { linesOf, mailOf, planOf, pointSdkTo } from './fixtures.ts';

let bench: SesBench;
let emulators: Emulators;
let transport: SesTransport;
const site = readSite({ delivery: { transport: 'ses' } });

const openTransport = (set: string = configurationSet): SesTransport =>
  openSesTransport(
    { store: emulators.store, clock: systemClock, site },
    { [variables.sesConfigurationSet]: set },
  );

const usual = {
  sending: 'enabled',
  configuration_set_sending: true,
  max_send_rate: 1000,
  max_24_hour_send: 50_000,
  sent_last_24_hours: 0,
  throttle: 0,
} as const;

beforeAll(async () => {
  [bench, emulators] = await Promise.all([startSesBench(), startEmulators()]);
  pointSdkTo(bench.endpoint);
  transport = openTransport();
});
afterAll(async () => {
  await transport.close();
  await Promise.all([bench.close(), emulators.close()]);
});
/** What SES allows from now on, as the scheduled function notes it. */
const allow = async (changes: Parameters<SesBench['control']['account']>[0] = {}) => {
  await bench.control.account({ ...usual, ...changes });
  await readQuota({ ses: bench.client, store: emulators.store, clock: systemClock });
};
beforeEach(() => allow());
afterEach(() => bench.relay.says({}));

const post = mailOf([
  'From: Anne <anne@example.org>',
  'To: ant@lists.example.com',
  'Subject: hello',
  'Message-ID: <post@example.org>',
  'DKIM-Signature: v=1; d=example.org',
  'DKIM-Signature: v=1; d=example.net',
  'Sender: anne@example.org',
]);

const deliver = (more: Partial<Transaction> = {}): Promise<TransactionOutcome> =>
  transport.deliver({
    sender: 'ant-bounces@lists.example.com',
    recipients: ['bart@example.net'],
    message: post,
    labels: { post: 'post-1', list: 'ant.lists.example.com', member: 'member_1' },
    beginBefore: new Date(Date.now() + 30_000),
    plan: planOf(),
    ...more,
  });

const mailsSchema = z.array(
  z.object({
    messageId: z.string(),
    source: z.string(),
    destinations: z.array(z.string()),
    tags: z.array(z.object({ name: z.string(), value: z.string() })),
    configurationSet: z.string(),
  }),
);
const lastMail = async () => mailsSchema.parse(await bench.control.mails()).at(-1);

describe('a mail that SES takes', () => {
  it('arrives munged and clean, and is known by the id that SES gave it', async () => {
    const before = bench.relay.received.length;
    const outcome = await deliver();
    const [arrived] = bench.relay.received.slice(before);
    expect(arrived?.recipients).toEqual(['bart@example.net']);
    const [messageId] = linesOf(arrived?.message ?? Buffer.alloc(0), 'message-id');
    expect(outcome).toMatchObject({ kind: 'verdicts', verdicts: [{ kind: 'delivered' }] });
    expect(messageId).toBe(`Message-ID: ${outcome.kind === 'verdicts' ? outcome.sentAs : ''}`);
    expect(messageId).toMatch(/@email\.amazonses\.com>$/);
    expect(
      linesOf(arrived?.message ?? Buffer.alloc(0), 'from', 'references', 'sender', 'dkim-signature'),
    ).toEqual(['From: Anne via Ant <ant@lists.example.com>', 'References: <post@example.org>']);
  });

  it('says to SES whose bounces it causes, and with which configuration set it leaves', async () => {
    await deliver();
    expect(await lastMail()).toMatchObject({
      source: 'ant-bounces@lists.example.com',
      destinations: ['bart@example.net'],
      configurationSet,
      tags: [
        { name: 'list', value: 'ant__lists__example__com' },
        { name: 'post', value: 'post-1' },
        { name: 'member', value: 'member_5F1' },
      ],
    });
  });

  it('leaves with the bounces address of its list in place of a null sender', async () => {
    const notice = mailOf(['From: ant-owner@lists.example.com', 'To: bart@example.net']);
    const outcome = await deliver({ sender: '', message: notice, plan: planOf({ voice: 'notice' }) });
    expect(outcome).toMatchObject({ kind: 'verdicts', verdicts: [{ kind: 'delivered' }] });
    expect(await lastMail()).toMatchObject({ source: 'ant-bounces@lists.example.com' });
  });

  it('goes to one recipient at a time', async () => {
    expect(transport.limits).toEqual({
      recipients: 1,
      connections: 5,
      ownSender: false,
      size: largestSesMail,
    });
    await expect(deliver({ recipients: ['a@example.org', 'b@example.org'] })).rejects.toThrow(
      'one recipient',
    );
  });
});

describe('what is about the recipient', () => {
  it.each([
    'nobody',
    'a..b@example.org',
    '.a@example.org',
    'jürgen@example.org',
    'a@example',
    `${'x'.repeat(65)}@example.org`,
  ])('is that %s is no address, and SES is not asked', async (recipient) => {
    const before = await lastMail();
    const outcome = await deliver({ recipients: [recipient] });
    expect(outcome).toMatchObject({ kind: 'verdicts', verdicts: [{ kind: 'rejected', at: 'rcpt' }] });
    const [verdict] = outcome.kind === 'verdicts' ? outcome.verdicts : [];
    expect(codesOf(verdict !== undefined && 'reply' in verdict ? verdict.reply : '')).toBe('501 5.1.3');
    expect(await lastMail()).toEqual(before);
  });
});

describe('what is about the post', () => {
  it('is that it is larger than SES takes', async () => {
    const large = Buffer.concat([post, Buffer.alloc(largestSesMail, 'line\r\n')]);
    const outcome = await deliver({ message: large });
    expect(outcome.kind).toBe('refused-post');
    expect(outcome).toMatchObject({ reply: expect.stringMatching(/^552 5\.3\.4 /) });
  });

  it('is that a signed part has too long a line', async () => {
    const signed = mailOf(
      ['From: anne@example.org', 'MIME-Version: 1.0', 'Content-Type: multipart/signed; boundary=s'],
      `--s\r\n\r\n${'x'.repeat(1200)}\r\n--s--\r\n`,
    );
    expect(await deliver({ message: signed })).toMatchObject({
      kind: 'refused-post',
      reply: expect.stringMatching(/^554 5\.6\.0 .*signed/),
    });
  });

  it('is whatever SES finds wrong with a mail that was not made fit', async () => {
    expect(await deliver({ plan: undefined, message: mailOf(['Subject: nobody wrote this']) })).toMatchObject(
      {
        kind: 'refused-post',
        reply: expect.stringMatching(/^554 5\.6\.0 /),
      },
    );
    // The header names what is no address: the recipient has nothing to do with it.
    const wrong = mailOf(['From: ant@lists.example.com', 'To: nobody']);
    expect(await deliver({ plan: undefined, message: wrong })).toMatchObject({ kind: 'refused-post' });
  });
});

describe('what is about us', () => {
  it.each([
    { changes: { sending: 'paused' }, says: /paused sending for this account/ },
    { changes: { sending: 'suspended' }, says: /Sending suspended for this account/ },
    { changes: { configuration_set_sending: false }, says: /paused for the configuration set/ },
  ] as const)('is a refusal with its reason: $says', async ({ changes, says }) => {
    await allow(changes);
    expect(await deliver()).toEqual({ kind: 'refused-us', reply: expect.stringMatching(says) });
  });

  it('is that a sender is not verified', async () => {
    expect(await deliver({ sender: 'bounces@elsewhere.example' })).toEqual({
      kind: 'refused-us',
      reply: expect.stringMatching(/not verified.*elsewhere\.example/),
    });
  });

  it('is that the configuration set is gone', async () => {
    const other = openTransport('NoSuchSet');
    const labels = { post: 'post-1', list: 'ant.lists.example.com' };
    const outcome = await other.deliver({
      sender: 'ant-bounces@lists.example.com',
      recipients: ['bart@example.net'],
      message: post,
      labels,
      beginBefore: new Date(Date.now() + 30_000),
      plan: planOf(),
    });
    await other.close();
    expect(outcome).toEqual({
      kind: 'refused-us',
      reply: expect.stringMatching(/no such configuration set/),
    });
  });

  it('is the quota of the day, known from the table without asking SES', async () => {
    await allow({ max_24_hour_send: 100, sent_last_24_hours: 100 });
    await bench.control.account({ sent_last_24_hours: 0 });
    const before = await lastMail();
    expect(await deliver()).toEqual({ kind: 'refused-us', reply: expect.stringMatching(/100 of 100 mails/) });
    expect(await lastMail()).toEqual(before);
  });

  it('is the quota of the day, as SES says it when the table does not know yet', async () => {
    await bench.control.account({ max_24_hour_send: 10, sent_last_24_hours: 10 });
    expect(await deliver()).toEqual({ kind: 'refused-us', reply: '454 4.7.0 Daily message quota exceeded.' });
  });
});

describe('a throttled mail', () => {
  it('is not sent, and everybody goes half as fast for a minute', async () => {
    await bench.control.account({ throttle: 1 });
    const before = bench.relay.received.length;
    expect(await deliver()).toEqual({
      kind: 'not-now',
      reply: '454 4.7.0 Maximum sending rate exceeded.',
      afterMs: 1000,
    });
    expect(bench.relay.received).toHaveLength(before);
    const slow = (await emulators.store.pace.get())?.slow_until ?? 0;
    expect(slow).toBeGreaterThan(Date.now());
    expect(slow).toBeLessThanOrEqual(Date.now() + 60_000);
    expect(await deliver()).toMatchObject({ kind: 'verdicts', verdicts: [{ kind: 'delivered' }] });
  });

  it('does not happen at the rate of the account, with three functions at once', async () => {
    await allow({ max_send_rate: 30 });
    const functions = [transport, openTransport(), openTransport()];
    const outcomes: TransactionOutcome[] = [];
    await Promise.all(
      functions.map(async (one) => {
        let left = 15;
        const connection = async (): Promise<void> => {
          while (left > 0) {
            left -= 1;
            outcomes.push(
              await one.deliver({
                sender: 'ant-bounces@lists.example.com',
                recipients: [`member${left}@example.net`],
                message: post,
                labels: { post: 'post-2', list: 'ant.lists.example.com' },
                beginBefore: new Date(Date.now() + 60_000),
                plan: planOf(),
                following: left,
              }),
            );
          }
        };
        await Promise.all(Array.from({ length: 5 }, connection));
      }),
    );
    expect(outcomes).toHaveLength(45);
    expect(outcomes.filter(({ kind }) => kind !== 'verdicts')).toEqual([]);
    await Promise.all(functions.slice(1).map((one) => one.close()));
  });
});

it('does not begin what would begin too late', async () => {
  await allow({ max_send_rate: 1 });
  expect(await deliver({ beginBefore: new Date(Date.now() - 1) })).toMatchObject({ kind: 'not-now' });
});
