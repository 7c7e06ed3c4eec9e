import { afterEach, describe, expect, it } from 'vitest';
import { readSite } from '../../lib/config/site.ts';
import type { Credentials } from '../../lib/delivery/smtp-connection.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import { type RelayTls, type Script, startRelay, type TestRelay } from '../harness/relay.ts';
import { selfSigned } from '../harness/self-signed.ts';

const message = Buffer.from('Subject: hello\r\n\r\n.dots\r\nbody\r\n');
const three = ['a@example.org', 'b@example.org', 'c@example.org'];
const open: { relay: TestRelay; transport: SmtpTransport }[] = [];

afterEach(async () => {
  for (const { relay, transport } of open.splice(0)) {
    await transport.close();
    await relay.close();
  }
});

/** What a test may set besides what the relay says. */
interface Setting {
  readonly mta?: Record<string, unknown>;
  readonly connections?: number;
  readonly reply_timeout?: number;
  readonly dot_timeout?: number;
  readonly tls?: RelayTls;
  readonly credentials?: Credentials;
}

const start = async (script: Script = {}, mta: Record<string, unknown> = {}, setting: Setting = {}) => {
  const { connections = 5, reply_timeout = 2, dot_timeout = 2, tls, credentials } = setting;
  const relay = await startRelay(script, tls);
  const site = readSite({
    mta: { smtp_host: '127.0.0.1', smtp_port: relay.port, smtp_secure_mode: 'smtp', ...mta },
    delivery: { connections },
  });
  // The clock goes with that of the machine, and can be moved on.
  let ahead = 0;
  const now = (): Date => new Date(Date.now() + ahead);
  const transport = new SmtpTransport(
    async () => ({ mta: site.mta, delivery: { reply_timeout, dot_timeout }, credentials }),
    site,
    { now },
  );
  open.push({ relay, transport });
  const deliver = (recipients: readonly string[] = three, leftMs = 60_000, endMs = 120_000) =>
    transport.deliver({
      sender: 'ant-bounces@example.com',
      recipients,
      message,
      labels: { post: 'p', list: 'ant.example.com' },
      beginBefore: new Date(now().getTime() + leftMs),
      endBefore: new Date(now().getTime() + endMs),
    });
  /** So many transactions to one recipient each, at once. */
  const atOnce = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, index) => deliver([`m${index}@example.org`])));
  return {
    relay,
    transport,
    deliver,
    atOnce,
    wait: (seconds: number) => {
      ahead += seconds * 1000;
    },
  };
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
      '552 to RCPT is about that recipient where its enhanced code says so',
      { rcpt: (r) => (r[0] === 'a' ? '552 5.2.2 Mailbox full' : '250 Ok') },
      ['rejected', 'delivered', 'delivered'],
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

describe('who is refused', () => {
  const one = ['a@example.org'];

  it.each<[string, Script, unknown]>([
    ['a mail for a mailbox that is full', { dot: () => '552 5.2.2 Mailbox full' }, ['rejected']],
    ['a mail that is too long for a mailbox', { dot: () => '552 5.2.3 Too long' }, 'refused-post'],
    ['a mail whose sender is not liked', { dot: () => '550 5.1.8 No such sender' }, 'refused-post'],
    [
      'a mail that its account must not send, for which Exchange Online has a code of mailboxes',
      {
        dot: () => '554 5.2.252 SendAsDenied; us@example.com not allowed to send as ant-bounces@example.com',
      },
      'refused-post',
    ],
    [
      'the same in its older words',
      {
        dot: () => '554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied',
      },
      'refused-post',
    ],
    ['a sender at MAIL, whatever the code', { mail: () => '550 5.1.1 Nobody' }, 'refused-post'],
    ['a mail that is too large', { data: () => '552 5.3.4 Too big' }, 'refused-post'],
    ['us without a login, at MAIL', { mail: () => '530 5.7.0 Authentication required' }, 'refused-us'],
    ['us without a login, at RCPT', { rcpt: () => '530 5.7.0 Authentication required' }, 'refused-us'],
    ['nobody, at RCPT in the wrong order', { rcpt: () => '503 5.5.1 Bad sequence' }, ['deferred']],
  ])('is %s', async (_what, script, expected) => {
    const { deliver } = await start(script);
    expect(kinds(await deliver(one))).toEqual(expected);
  });

  const two = ['a@example.org', 'b@example.org'];
  const abroad = ['a@example.org', 'b@example.net'];

  it.each<[string, string, readonly string[], unknown]>([
    ['us, by policy, for recipients of two domains', '550 5.7.1 Not from you', abroad, 'refused-us'],
    [
      'each recipient, by policy, for those of one domain',
      '550 5.7.1 Blocked',
      two,
      ['rejected', 'rejected'],
    ],
    [
      'us, where it is relaying that is denied',
      '554 5.7.1 <a@example.org>: Relay access denied',
      two,
      'refused-us',
    ],
    ['us, also without an enhanced code', '550 relay not permitted', two, 'refused-us'],
    ['us, where it is our sender that is refused', '550 5.1.8 Sender address rejected', two, 'refused-us'],
    [
      'us, where it is our host that is refused',
      '554 5.7.1 <h[192.0.2.1]>: Client host rejected',
      two,
      'refused-us',
    ],
    [
      'us, where relaying is denied for now, as Postfix does it unless told otherwise',
      '454 4.7.1 <a@example.org>: Relay access denied',
      two,
      'refused-us',
    ],
    [
      'us, where qmail does not relay',
      "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
      two,
      'refused-us',
    ],
    ['nobody for good, where a new client waits', '450 4.7.1 Greylisted', two, ['deferred', 'deferred']],
    ['one recipient alone, for now', '454 4.7.1 Relay access denied', one, ['deferred']],
    ['one recipient alone, whatever the words', '554 5.7.1 Relay access denied', one, ['rejected']],
    ['everybody for themselves, with other codes', '550 5.1.1 Unknown', abroad, ['rejected', 'rejected']],
  ])('is %s, at RCPT', async (_what, reply, recipients, expected) => {
    const { deliver } = await start({ rcpt: () => reply });
    expect(kinds(await deliver(recipients))).toEqual(expected);
  });

  it('is nobody but the recipient, by policy, where another one is taken', async () => {
    const { deliver } = await start({
      rcpt: (r) => (r[0] === 'a' ? '250 Ok' : '554 5.7.1 Relay access denied'),
    });
    expect(kinds(await deliver(abroad))).toEqual(['delivered', 'rejected']);
  });

  it('is us after the third recipient in succession, each in a transaction of its own, and nobody is named', async () => {
    const { relay, deliver } = await start({ rcpt: (r) => `554 5.7.1 <${r}>: Relay access denied` });
    const to = (address: string) => deliver([address]);
    const rejected = {
      kind: 'verdicts',
      verdicts: [{ kind: 'rejected' }],
      unasked: true,
      perhapsUs: { reply: '554 5.7.1 <...>: Relay access denied', inWords: true },
    };
    expect(await to('a@example.org')).toMatchObject(rejected);
    expect(await to('b@example.org')).toMatchObject(rejected);
    const us = { kind: 'refused-us', reply: '554 5.7.1 <...>: Relay access denied' };
    expect(await to('c@example.org')).toEqual(us);
    // As long as nobody is taken it stays so.
    expect(await to('d@example.org')).toEqual(us);
    relay.says({});
    expect(kinds(await to('c@example.org'))).toEqual(['delivered']);
    relay.says({ rcpt: () => '550 5.7.1 Blocked' });
    expect(await to('d@example.org')).toMatchObject({
      ...rejected,
      perhapsUs: { reply: '550 5.7.1 Blocked', inWords: false },
    });
  });

  it('is each of them where the denials lie far apart, though nobody was taken between', async () => {
    const { deliver, wait } = await start({ rcpt: () => '554 5.7.1 Relay access denied' });
    for (const name of ['a', 'b', 'c']) {
      expect(kinds(await deliver([`${name}@example.org`]))).toEqual(['rejected']);
      wait(3601);
    }
  });

  it('is each of them, one after the other, where a domain blocks us', async () => {
    const { deliver } = await start({ rcpt: () => '550 5.7.1 Blocked' });
    for (const name of ['a', 'b', 'c', 'd'])
      expect(kinds(await deliver([`${name}@example.org`]))).toEqual(['rejected']);
  });

  it('is told with an enhanced code where only the words say that relaying is denied, so that nobody scores', async () => {
    const { deliver } = await start({ rcpt: () => '550 relay not permitted' });
    expect(await deliver(one)).toMatchObject({
      verdicts: [{ kind: 'rejected', reply: '550 5.7.1 relay not permitted', at: 'rcpt' }],
    });
  });

  it('is each recipient for itself where one in ten is put off, some are refused, and no more than 30 are taken', async () => {
    const people = Array.from({ length: 60 }, (_, index) => `m${index}@example.org`);
    const replyTo = (index: number, soFar: number): string => {
      if (index % 10 === 3) return '451 4.2.1 Later';
      if (index % 10 === 7) return '550 5.1.1 Nobody';
      return soFar >= 30 ? '452 4.5.3 Too many recipients' : '250 Ok';
    };
    const { relay, deliver } = await start({
      rcpt: (r, soFar) => replyTo(Number(/\d+/.exec(r)?.[0]), soFar),
    });
    const outcome = await deliver(people);
    const found = outcome.kind === 'verdicts' ? outcome.verdicts : [];
    let taken = 0;
    for (const [index, verdict] of found.entries()) {
      const reply = replyTo(index, taken);
      if (reply.startsWith('2')) taken += 1;
      expect(verdict).toEqual(
        reply.startsWith('2')
          ? { kind: 'delivered' }
          : { kind: reply.startsWith('5') ? 'rejected' : 'deferred', reply, at: 'rcpt' },
      );
    }
    expect(found).toHaveLength(60);
    expect(relay.received.map(({ recipients }) => recipients.length)).toEqual([30]);
  });

  it('is an address that would be a command, and it alone', async () => {
    const { relay, deliver } = await start();
    const bad = 'b@example.org>\r\nRCPT TO:<evil@example.org';
    expect(kinds(await deliver(['a@example.org', bad, 'c@example.org']))).toEqual([
      'delivered',
      'rejected',
      'delivered',
    ]);
    expect(relay.commands.join()).not.toContain('evil');
    expect(await deliver([bad])).toMatchObject({ verdicts: [{ kind: 'rejected' }], unasked: true });
  });

  it.each<[string, Script, Setting]>([
    ['with a wrong password', { auth: () => '535 5.7.8 No' }, { credentials: { user: 'u', password: 'p' } }],
    ['where STARTTLS was taken away', {}, { mta: { smtp_secure_mode: 'starttls' } }],
    [
      'with a certificate of its own making',
      {},
      { mta: { smtp_secure_mode: 'starttls' }, tls: selfSigned('127.0.0.1') },
    ],
    ['where nothing greets', { greeting: () => 'hang' }, { reply_timeout: 0.1 }],
  ])('are we, %s', async (_what, script, setting) => {
    const { relay, deliver } = await start(script, setting.mta, setting);
    expect(kinds(await deliver())).toBe('refused-us');
    expect(relay.commands.join()).not.toContain('MAIL');
  });

  it.each<[Credentials, number]>([
    [{ user: 'belfry', password: 'secret' }, 1],
    [{ user: 'belfry', password: '' }, 0],
    [{ user: '', password: 'secret' }, 0],
  ])(
    'is nobody for a login, which is made with both user and password alone (%o)',
    async (credentials, logins) => {
      let asked = 0;
      const auth = (): string => {
        asked += 1;
        return '235 2.7.0 Ok';
      };
      const { deliver } = await start({ auth }, {}, { credentials });
      expect(kinds(await deliver(one))).toEqual(['delivered']);
      expect(asked).toBe(logins);
    },
  );
});

describe('a relay that is silent', () => {
  it.each<[string, Script, string]>([
    ['at MAIL', { mail: () => 'hang' }, 'deferred'],
    ['at RCPT', { rcpt: () => 'hang' }, 'deferred'],
    ['at DATA', { data: () => 'hang' }, 'deferred'],
    ['at the end of the mail', { dot: () => 'hang' }, 'unknown'],
  ])('%s is waited for no longer than is allowed', async (_where, script, kind) => {
    const { deliver } = await start(script, {}, { reply_timeout: 0.15, dot_timeout: 0.15 });
    const outcome = await deliver(['a@example.org']);
    expect(outcome).toMatchObject({ verdicts: [{ kind, reply: '' }] });
  });

  it('is given up before the function ends, whatever is allowed', async () => {
    const { deliver } = await start({ dot: () => 'hang' }, {}, { reply_timeout: 600, dot_timeout: 600 });
    expect(await deliver(['a@example.org'], 100, 200)).toMatchObject({
      verdicts: [{ kind: 'unknown', reply: '' }],
    });
  });

  it('is left when the transport is closed, whatever is under way', async () => {
    const { relay, transport, deliver } = await start({ dot: () => 'hang' }, {}, { dot_timeout: 600 });
    const delivering = deliver(['a@example.org']);
    while (relay.packets.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await transport.close();
    expect(['unknown', 'deferred']).toContain(kinds(await delivering)[0]);
  });
});

describe('a relay that offers PIPELINING and loses what comes in one packet', () => {
  it.each(['loses', 'refuses'] as const)(
    'is found out, at nobody’s cost, and spared for an hour (%s)',
    async (lies) => {
      const { relay, deliver, wait } = await start({ lies }, {}, { reply_timeout: 0.2 });
      expect(kinds(await deliver())).toEqual(['delivered', 'delivered', 'delivered']);
      expect(relay.connections()).toBe(2);
      expect(kinds(await deliver())).toEqual(['delivered', 'delivered', 'delivered']);
      expect(relay.connections()).toBe(2);
      relay.says({});
      wait(3_601);
      await deliver();
      expect(relay.packets.at(-1)).toMatch(/^MAIL.*DATA\r\n$/s);
    },
  );

  it('is not believed to be one when it is silent in any case', async () => {
    const { relay, deliver } = await start({ rcpt: () => 'hang' }, {}, { reply_timeout: 0.15 });
    expect(kinds(await deliver())).toEqual(['deferred', 'deferred', 'deferred']);
    relay.says({});
    expect(kinds(await deliver())).toEqual(['delivered', 'delivered', 'delivered']);
    expect(relay.packets.at(-1)).toMatch(/^MAIL.*DATA\r\n$/s);
  });

  it('is nobody’s deferral when there is no time for another try', async () => {
    const { deliver } = await start({ lies: 'loses' }, {}, { reply_timeout: 0.3 });
    expect(await deliver(three, 150)).toMatchObject({ kind: 'not-now' });
  });
});

describe('several connections', () => {
  it('are as many as are allowed; who comes later waits in line', async () => {
    const { relay, atOnce } = await start({}, {}, { connections: 3 });
    expect((await atOnce(20)).flatMap(kinds)).toEqual(Array.from({ length: 20 }, () => 'delivered'));
    expect(relay.connections()).toBe(3);
  });

  it('are not opened for one mail after the other: the one used last is used again', async () => {
    const { relay, atOnce, deliver } = await start();
    await atOnce(3);
    const last = relay.received.at(-1)?.connection;
    for (let count = 0; count < 3; count += 1) await deliver(['a@example.org']);
    expect(relay.received.slice(3).map(({ connection }) => connection)).toEqual([last, last, last]);
  });

  it('that were idle for long are not trusted', async () => {
    const { relay, atOnce, deliver, wait } = await start();
    await atOnce(3);
    wait(21);
    expect(kinds(await deliver(['a@example.org']))).toEqual(['delivered']);
    expect(relay.received.at(-1)?.connection).toBe(4);
    expect(relay.commands.filter((command) => command === 'QUIT')).toHaveLength(3);
  });

  it('are fewer when the relay wants fewer, and one more after a minute', async () => {
    let greeted = 0;
    const { relay, atOnce, wait } = await start({
      greeting: () => {
        greeted += 1;
        return greeted > 2 ? '421 4.7.0 Too many connections' : '220 relay.test';
      },
    });
    const first = (await atOnce(5)).map(kinds);
    expect(first.filter((kind) => kind === 'not-now')).toHaveLength(3);
    expect(relay.connections()).toBe(5);
    expect((await atOnce(5)).map(kinds)).not.toContain('not-now');
    expect(relay.connections()).toBe(5);
    relay.says({});
    wait(19);
    await atOnce(2);
    wait(19);
    await atOnce(2);
    wait(19);
    await atOnce(2);
    wait(4);
    expect((await atOnce(5)).flatMap(kinds)).toEqual(Array.from({ length: 5 }, () => 'delivered'));
    expect(relay.connections()).toBe(6);
  });

  it('are all refused together: that is a refusal of us', async () => {
    const { atOnce } = await start({ greeting: () => '421 4.7.0 Too many connections' });
    expect((await atOnce(3)).map(kinds)).toEqual(['refused-us', 'refused-us', 'refused-us']);
  });

  it('of which one is told 421 at MAIL make that one wait, and nobody else', async () => {
    const { atOnce } = await start({
      mail: (_sender, connection) => (connection > 1 ? '421 4.7.0 Slow down' : '250 Ok'),
    });
    const outcomes = (await atOnce(3)).map(kinds);
    expect(outcomes.filter((kind) => kind === 'not-now')).toHaveLength(2);
    expect(outcomes.flat()).toContain('delivered');
  });

  it('that bear so many mails and then say 421 are changed for fresh ones', async () => {
    const mails = new Map<number, number>();
    const { relay, deliver } = await start({
      mail: (_sender, connection) => {
        mails.set(connection, (mails.get(connection) ?? 0) + 1);
        return (mails.get(connection) ?? 0) > 2 ? '421 4.7.0 Enough on this connection' : '250 Ok';
      },
    });
    for (let count = 0; count < 5; count += 1) {
      expect(kinds(await deliver(['a@example.org']))).toEqual(['delivered']);
    }
    expect(relay.received.map(({ connection }) => connection)).toEqual([1, 1, 2, 2, 3]);
  });
});
