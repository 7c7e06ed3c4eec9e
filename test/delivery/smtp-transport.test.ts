import { afterEach, describe, expect, it } from 'vitest';
import { readSite } from '../../lib/config/site.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import { type Script, startRelay, type TestRelay } from '../harness/relay.ts';

const message = Buffer.from('Subject: hello\r\n\r\n.dots\r\nbody\r\n');
const three = ['a@example.org', 'b@example.org', 'c@example.org'];
const open: { relay: TestRelay; transport: SmtpTransport }[] = [];

afterEach(async () => {
  for (const { relay, transport } of open.splice(0)) {
    await transport.close();
    await relay.close();
  }
});

const start = async (script: Script = {}, mta: Record<string, unknown> = {}) => {
  const relay = await startRelay(script);
  const site = readSite({
    mta: { smtp_host: '127.0.0.1', smtp_port: relay.port, smtp_secure_mode: 'smtp', ...mta },
    delivery: { reply_timeout: 2, dot_timeout: 2 },
  });
  const transport = new SmtpTransport(
    async () => ({ mta: site.mta, delivery: site.delivery, credentials: undefined }),
    site,
  );
  open.push({ relay, transport });
  const deliver = (recipients: readonly string[] = three) =>
    transport.deliver({
      sender: 'ant-bounces@example.com',
      recipients,
      message,
      labels: { post: 'p', list: 'ant.example.com' },
      beginBefore: new Date(Date.now() + 60_000),
    });
  return { relay, deliver };
};

const kinds = (outcome: Awaited<ReturnType<SmtpTransport['deliver']>>) =>
  outcome.kind === 'verdicts' ? outcome.verdicts.map(({ kind }) => kind) : outcome.kind;

describe('one transaction with an SMTP relay', () => {
  it('carries the bytes and the envelope as they are, to everybody at once', async () => {
    const { relay, deliver } = await start();
    expect(kinds(await deliver())).toEqual(['delivered', 'delivered', 'delivered']);
    expect(relay.received).toEqual([
      { connection: 1, sender: 'ant-bounces@example.com', recipients: three, message },
    ]);
  });

  it.each<[string, Script, unknown]>([
    [
      '550 to RCPT is about that recipient',
      { rcpt: (r) => (r[0] === 'b' ? '550 5.1.1 Unknown' : '250 Ok') },
      ['delivered', 'rejected', 'delivered'],
    ],
    [
      '451 to RCPT defers that recipient',
      { rcpt: (r) => (r[0] === 'a' ? '451 4.3.0 Later' : '250 Ok') },
      ['deferred', 'delivered', 'delivered'],
    ],
    [
      '552 to RCPT is temporary',
      { rcpt: (r) => (r[0] === 'a' ? '552 Too many' : '250 Ok') },
      ['deferred', 'delivered', 'delivered'],
    ],
    [
      'everybody refused is still a verdict each',
      { rcpt: (r) => (r[0] === 'a' ? '450 4.2.0 Later' : '550 5.1.1 No') },
      ['deferred', 'rejected', 'rejected'],
    ],
    ['4xx to MAIL defers everybody', { mail: () => '451 4.3.0 Busy' }, ['deferred', 'deferred', 'deferred']],
    ['5xx to MAIL refuses the post', { mail: () => '550 5.7.1 Not from you' }, 'refused-post'],
    ['4xx to DATA defers everybody', { data: () => '451 4.3.0 Busy' }, ['deferred', 'deferred', 'deferred']],
    ['5xx to DATA refuses the post', { data: () => '554 5.7.1 No' }, 'refused-post'],
    ['5xx after the dot refuses the post', { dot: () => '554 5.7.1 Spam' }, 'refused-post'],
    [
      '4xx after the dot defers those who were accepted',
      { rcpt: (r) => (r[0] === 'c' ? '550 5.1.1 No' : '250 Ok'), dot: () => '452 4.3.1 Full' },
      ['deferred', 'deferred', 'rejected'],
    ],
    [
      'a connection that ends after the dot leaves it unknown',
      { dot: () => 'drop' },
      ['unknown', 'unknown', 'unknown'],
    ],
    [
      'so does one that ends after the relay took it',
      { dot: () => 'accept and drop' },
      ['unknown', 'unknown', 'unknown'],
    ],
    [
      'a connection that ends before the data defers',
      { data: () => 'drop' },
      ['deferred', 'deferred', 'deferred'],
    ],
    ['421 to connecting is a refusal of us', { greeting: () => '421 4.3.2 Too busy' }, 'refused-us'],
    ['554 to connecting is a refusal of us', { greeting: () => '554 5.7.1 Go away' }, 'refused-us'],
    ['421 to MAIL is a refusal of us', { mail: () => '421 4.7.0 Slow down' }, 'refused-us'],
  ])('%s', async (_says, script, expected) => {
    const { deliver } = await start(script);
    expect(kinds(await deliver())).toEqual(expected);
  });

  it('keeps verdicts apart when one address is named twice', async () => {
    let asked = 0;
    const { deliver } = await start({
      rcpt: () => {
        asked += 1;
        return asked === 1 ? '451 4.3.0 Later' : '250 Ok';
      },
    });
    const outcome = await deliver(['z@example.com', 'z@example.com']);
    expect(kinds(outcome)).toHaveLength(2);
    expect(kinds(outcome)).toContain('deferred');
    expect(kinds(outcome)).toContain('delivered');
  });

  it('does not speak with a relay without 8BITMIME, since mail leaves as it came', async () => {
    const { deliver } = await start({ ehlo: () => ['relay.test', 'PIPELINING'] });
    expect(await deliver()).toMatchObject({ kind: 'refused-us', reply: expect.stringContaining('8BITMIME') });
  });

  it('says that a relay that is not there refuses us', async () => {
    const { relay, deliver } = await start();
    await relay.close();
    expect(kinds(await deliver())).toBe('refused-us');
  });
});

describe('the connection', () => {
  it('is kept from one transaction to the next', async () => {
    const { relay, deliver } = await start();
    for (let count = 0; count < 3; count += 1) await deliver(['a@example.org']);
    expect(relay.received.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });

  it('is opened anew after as many transactions as the site allows', async () => {
    const { relay, deliver } = await start({}, { max_sessions_per_connection: 2 });
    for (let count = 0; count < 5; count += 1) await deliver(['a@example.org']);
    expect(relay.received.map(({ connection }) => connection)).toEqual([1, 1, 2, 2, 3]);
  });

  it('serves the next transaction after every recipient of one was refused', async () => {
    const { relay, deliver } = await start({ rcpt: () => '550 5.1.1 No' });
    await deliver();
    relay.says({});
    expect(kinds(await deliver())).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('reconnects when it broke before anything was decided, and nobody is deferred for it', async () => {
    const { relay, deliver } = await start();
    await deliver(['a@example.org']);
    let dropped = false;
    relay.says({
      mail: () => {
        if (dropped) return '250 Ok';
        dropped = true;
        return 'drop';
      },
    });
    expect(kinds(await deliver(['b@example.org']))).toEqual(['delivered']);
    expect(relay.connections()).toBe(2);
  });
});
