import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { mailData } from '../../lib/smtp/mail-data.ts';
import { replyText } from '../../lib/smtp/reply.ts';
import { openSession, type Session } from '../../lib/smtp/session.ts';
import { type Order, transact } from '../../lib/smtp/transaction.ts';
import { type Script, startRelay } from '../harness/relay.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const sessionAt = async (port: number): Promise<Session> => {
  const session = await openSession({
    host: '127.0.0.1',
    port,
    security: 'none',
    verifyCertificate: true,
    verifyHost: true,
    login: undefined,
    openMs: 5_000,
  });
  closing.push(() => session.wire.close());
  return session;
};

const start = async (script: Script = {}) => {
  const relay = await startRelay(script);
  closing.push(relay.close);
  return { relay, session: await sessionAt(relay.port) };
};

const three = ['a@example.org', 'b@example.org', 'c@example.org'];

const order = (more: Partial<Order> = {}): Order => ({
  sender: 'ant-bounces@example.com',
  recipients: three,
  data: mailData(Buffer.from('Subject: hello\r\n\r\n.dots\r\n')),
  pipelining: true,
  resetFirst: false,
  replyMs: 5_000,
  dotMs: 5_000,
  envelopeUntil: performance.now() + 60_000,
  endUntil: performance.now() + 120_000,
  ...more,
});

const rcptCodes = ({ rcpt }: Awaited<ReturnType<typeof transact>>) => rcpt.map((reply) => reply?.code);

describe('the commands of a transaction', () => {
  it('go in one packet where the server offers PIPELINING, and the mail in another', async () => {
    const { relay, session } = await start();
    const ending = await transact(session, order());
    expect(ending).toMatchObject({ at: 'dot', handed: true, dot: { code: 250 }, fault: undefined });
    expect(relay.packets.slice(1)).toEqual([
      [
        'MAIL FROM:<ant-bounces@example.com> SIZE=25\r\n',
        ...three.map((recipient) => `RCPT TO:<${recipient}>\r\n`),
        'DATA\r\n',
      ].join(''),
    ]);
    expect(relay.received[0]?.message.toString()).toBe('Subject: hello\r\n\r\n.dots\r\n');
  });

  it('go one at a time where it does not, and no further than they need to', async () => {
    const { relay, session } = await start({ rcpt: (r) => (r[0] === 'b' ? '550 5.1.1 No' : '250 Ok') });
    expect(rcptCodes(await transact(session, order({ pipelining: false })))).toEqual([250, 550, 250]);
    expect(relay.packets.slice(1)).toHaveLength(5);
    relay.says({ mail: () => '451 4.3.0 Later' });
    expect(rcptCodes(await transact(session, order({ pipelining: false })))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(relay.packets.slice(6)).toHaveLength(1);
  });

  it('tell SIZE where it is asked for, and 8BITMIME where the mail needs it', async () => {
    const { relay, session } = await start({ ehlo: () => ['relay.test', 'PIPELINING', '8BITMIME'] });
    await transact(session, order({ data: mailData(Buffer.from('\xfcber', 'latin1')) }));
    expect(relay.commands).toContain('MAIL FROM:<ant-bounces@example.com> BODY=8BITMIME');
  });

  it.each([true, false])(
    'begin with RSET after one that came to nothing (pipelining: %s)',
    async (pipelining) => {
      const { relay, session } = await start({ rcpt: () => '550 5.1.1 No' });
      const first = await transact(session, order({ pipelining }));
      expect(first).toMatchObject({ leftOpen: true, fault: undefined });
      relay.says({});
      const second = await transact(session, order({ pipelining, resetFirst: first.leftOpen }));
      expect(second).toMatchObject({ dot: { code: 250 }, leftOpen: false });
    },
  );

  it('end with a lone dot when a server wants the data although it took no recipient', async () => {
    const { relay, session } = await start({ rcpt: () => '550 5.1.1 No', data: () => '354 Go on' });
    const ending = await transact(session, order());
    expect(ending).toMatchObject({ at: 'data', handed: false, fault: undefined, leftOpen: false });
    expect(relay.received).toEqual([]);
    relay.says({});
    expect(await transact(session, order())).toMatchObject({ dot: { code: 250 } });
  });
});

describe('the end of the data', () => {
  it('was handed over when the connection ends after it', async () => {
    const { session } = await start({ dot: () => 'drop' });
    expect(await transact(session, order())).toMatchObject({
      at: 'dot',
      handed: true,
      fault: { kind: 'closed' },
    });
  });

  it('was not handed over when the connection ends in the middle of a long mail', async () => {
    const { session } = await start({ dropInData: 100_000 });
    const long = mailData(Buffer.alloc(40_000_000, 'many lines\r\n'));
    const ending = await transact(session, order({ data: long }));
    expect(ending).toMatchObject({ at: 'dot', handed: false, fault: { kind: 'closed' } });
  });

  it('is waited for as long as is allowed, and no longer', async () => {
    const { session } = await start({ dot: () => 'hang' });
    const ending = await transact(session, order({ dotMs: 100 }));
    expect(ending).toMatchObject({ handed: true, dot: undefined, fault: { kind: 'time-out' } });
  });
});

describe('a reply that takes too long', () => {
  it.each<['mail' | 'rcpt' | 'data', Script]>([
    ['mail', { mail: () => 'hang' }],
    ['rcpt', { rcpt: () => 'hang' }],
    ['data', { data: () => 'hang' }],
  ])('ends the transaction at %s', async (at, script) => {
    const { session } = await start(script);
    const ending = await transact(session, order({ replyMs: 100, pipelining: false }));
    expect(ending).toMatchObject({ at, handed: false, fault: { kind: 'time-out' }, outOfStep: false });
  });

  it('is no better when it comes byte by byte', async () => {
    const { relay, session } = await start();
    relay.says({ trickleMs: 60 });
    expect(await transact(session, order({ replyMs: 100 }))).toMatchObject({
      at: 'mail',
      fault: { kind: 'time-out' },
    });
  });

  it('ends a transaction that goes on slowly, when its time is up', async () => {
    const { relay, session } = await start();
    relay.says({ trickleMs: 10 });
    const ending = await transact(session, order({ envelopeUntil: performance.now() + 400 }));
    expect(ending).toMatchObject({ handed: false, fault: { kind: 'time-out' } });
  });
});

describe('a server that offers PIPELINING and loses commands', () => {
  it.each<['loses' | 'refuses', Script]>([
    ['loses', { lies: 'loses' }],
    ['refuses', { lies: 'refuses' }],
    ['refuses', { data: () => '503 5.5.1 Bad sequence' }],
    ['refuses', { rcpt: () => '554 5.5.0 improper command pipelining' }],
  ])('is noticed when it %s them (%o)', async (_how, script) => {
    const { relay, session } = await start();
    relay.says(script);
    const ending = await transact(session, order({ replyMs: 200 }));
    expect(ending).toMatchObject({ outOfStep: true, handed: false });
    expect(session.wire.fault).toBeDefined();
    expect(relay.received).toEqual([]);
  });
});

/** A server that answers each packet with the next bytes that it was given, in pieces, and says nothing more after them. */
const startBabbler = async (answers: readonly (readonly Buffer[])[]) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    const left = [...answers];
    let greeted = false;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      if (!greeted) {
        greeted = true;
        socket.write('250-babbler.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n');
        return;
      }
      const pieces = left.shift();
      for (const piece of pieces ?? []) socket.write(piece);
      if (left.length === 0) socket.end();
    });
    socket.write('220 babbler.test\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return port;
};

describe('whatever a server answers', () => {
  const piece = fc.oneof(
    fc.constantFrom('250 Ok\r\n', '354 Go\r\n', '550 5.1.1 No\r\n', '451 Later\r\n', '421 Bye\r\n'),
    fc.constantFrom('250-', '2', '50 Ok', '\r\n', '\n', '999 ', '\0'),
    fc.string({ maxLength: 10 }),
  );
  const packet = fc.array(
    piece.map((text) => Buffer.from(text)),
    { maxLength: 8 },
  );

  it('a transaction ends, and says of each position what was said of it', async () => {
    await fc.assert(
      fc.asyncProperty(packet, packet, fc.boolean(), async (first, second, pipelining) => {
        const session = await sessionAt(await startBabbler([first, second]));
        // A server may stop in the middle; that it is not waited for for ever is what this test shows by its end.
        const limits = { replyMs: 50, dotMs: 50 };
        const ending = await transact(session, order({ ...limits, pipelining }));
        expect(ending.rcpt).toHaveLength(three.length);
        // A fault, or all that was due; and nothing is handed over that was not asked for.
        if (ending.handed) expect(ending.data?.code).toBe(354);
        if (ending.fault === undefined && !ending.outOfStep) expect(ending.mail).toBeDefined();
        for (const close of closing.splice(0).reverse()) await close();
      }),
      { numRuns: 150 },
    );
  });

  it('each recipient has the reply that came in its place, in whatever pieces', async () => {
    const code = fc.constantFrom(250, 251, 450, 451, 550, 551);
    const lines = fc.array(fc.constantFrom('Ok', '5.1.1 Hm', ''), { minLength: 1, maxLength: 3 });
    const given = fc.array(fc.tuple(code, lines), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(given, fc.integer({ min: 1, max: 40 }), async (replies, size) => {
        const said = replies.map(([number, texts], position) =>
          texts
            .map(
              (text, index) => `${number}${index === texts.length - 1 ? ' ' : '-'}#${position} ${text}\r\n`,
            )
            .join(''),
        );
        const bytes = Buffer.from(['250 Ok\r\n', ...said, '354 Go\r\n'].join(''));
        const count = Math.ceil(bytes.length / size);
        const pieces = Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
        const session = await sessionAt(await startBabbler([pieces, [Buffer.from('250 Ok\r\n')]]));
        const recipients = replies.map((_, position) => `m${position}@example.org`);
        const ending = await transact(session, order({ recipients }));
        expect(
          ending.rcpt.map((reply) => (reply === undefined ? '' : replyText(reply).split(' ', 2))),
        ).toEqual(replies.map(([number], position) => [String(number), `#${position}`]));
        for (const close of closing.splice(0).reverse()) await close();
      }),
      { numRuns: 100 },
    );
  });

  it('nobody is sent an empty mail by a server that takes all but the sender', async () => {
    const said = '550 5.7.1 Not you\r\n250 Ok\r\n250 Ok\r\n250 Ok\r\n354 Go\r\n';
    const port = await startBabbler([[Buffer.from(said)], [Buffer.from('250 Queued\r\n')]]);
    const ending = await transact(await sessionAt(port), order());
    expect(ending).toMatchObject({ mail: { code: 550 }, handed: false, fault: { kind: 'protocol' } });
  });

  it.each([
    ['a refusal counts', '552 5.3.4 Too big', { dot: { code: 552 }, fault: undefined }],
    ['a yes does not', '250 Queued', { dot: undefined, fault: { kind: 'closed' } }],
  ])('of what it says in the middle of the data, before it goes, %s', async (_what, says, expected) => {
    const said = Buffer.from('250 Ok\r\n250 Ok\r\n250 Ok\r\n250 Ok\r\n354 Go\r\n');
    const port = await startBabbler([[said], [Buffer.from(`${says}\r\n`)]]);
    const long = mailData(Buffer.alloc(40_000_000, 'many lines\r\n'));
    const ending = await transact(await sessionAt(port), order({ data: long }));
    expect(ending).toMatchObject({ handed: false, ...expected });
  });

  it('a reply that nobody asked for is not taken for the one to the final dot', async () => {
    const said = ['250 Ok', '250 Ok', '250 Ok', '250 Ok', '354 Go', '250 Queued, or so I say'];
    const port = await startBabbler([[Buffer.from(said.map((line) => `${line}\r\n`).join(''))], []]);
    const ending = await transact(await sessionAt(port), order());
    expect(ending).toMatchObject({ dot: undefined, handed: false, fault: { kind: 'protocol' } });
  });
});
