import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../infra/aws/site-file.ts';
import { startRelay, type TestRelay } from '../harness/relay.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { freePort } from './free-port.ts';
import { type MailSession, openSession } from './mail-session.ts';
import { makeList } from './make-list.ts';
import { needGiven, needRoot } from './needs.ts';
import { shapedPosts, shapeNames } from './post-shapes.ts';
import { shunted } from './shunted.ts';

// Exim in front, as docs/exim tells:  client -> Exim -> Belfry -> sink.

const domain = 'lists.example.com';
const members = ['anne@example.org', 'bart@example.org'] as const;
const [author] = members;

let sink: TestRelay;
let stack: Stack;
let port: number;
const toStop: (() => Promise<void>)[] = [];

const documented = (file: string): string => {
  const text = readFileSync(join(checkout, 'docs/exim', file), 'utf8');
  return text.replace('port = 8024', `port = ${stack.lmtpPort}`);
};

/** A whole configuration around the documented parts; what surrounds them only keeps Exim out of the system's way. */
const configuration = (exim: string, folder: string): string => `
exim_path = ${exim}
spool_directory = ${folder}/spool
log_file_path = ${folder}/spool/%slog
pid_file_path = ${folder}/spool/exim.pid
primary_hostname = exim.test
keep_environment =
tls_advertise_hosts =
local_interfaces = 127.0.0.1
deliver_drop_privilege
acl_smtp_rcpt = acl_check_rcpt
${documented('main.conf')}
begin acl
acl_check_rcpt:
${documented('acl.conf')}
  deny
begin routers
${documented('router.conf')}
begin transports
${documented('transport.conf')}
`;

/** Waits until somebody listens. */
const listening = async (port: number, ended: () => string | undefined): Promise<void> => {
  for (const until = performance.now() + 20_000; performance.now() < until; await delay(50)) {
    const why = ended();
    if (why !== undefined) throw new Error(`Exim ended:\n${why}`);
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
  }
  throw new Error('Exim does not listen');
};

/** Starts Exim's daemon with all that it writes in a temporary folder. */
const startExim = async (): Promise<number> => {
  needRoot();
  const exim = join(needGiven('BELFRY_EXIM', "Debian's exim4-daemon-light, unpacked"), 'usr/sbin/exim4');
  const folder = mkdtempSync(join(tmpdir(), 'belfry-exim-'));
  // The daemon gives up root and must still find its way.
  chmodSync(folder, 0o755);
  toStop.unshift(async () => rmSync(folder, { recursive: true }));
  let said = '';
  mkdirSync(join(folder, 'spool'), { mode: 0o777 });
  chmodSync(join(folder, 'spool'), 0o777);
  const file = join(folder, 'exim.conf');
  writeFileSync(file, configuration(exim, folder));
  const port = await freePort();
  const child = spawn(exim, ['-C', file, '-bdf', '-q5s', '-oX', `127.0.0.1.${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (part: Buffer) => {
    said += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  toStop.unshift(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  });
  await listening(port, () => (child.exitCode === null ? undefined : said));
  return port;
};

beforeAll(async () => {
  sink = await startRelay();
  toStop.unshift(sink.close);
  stack = await startStack({ relay: { host: '127.0.0.1', port: sink.port } });
  toStop.unshift(stack.stop);
  await makeList(stack, `ant@${domain}`, members, { max_message_size: 0 });
  port = await startExim();
});

afterAll(async () => {
  for (const stop of toStop) await stop();
});

const withSession = async <T>(work: (session: MailSession) => Promise<T>): Promise<T> => {
  const session = await openSession(port, 'smtp');
  const result = await work(session);
  await session.close();
  return result;
};

/** Asks over a connection of its own: Exim hangs up on a client that only ever asks. */
const ask = (recipient: string): Promise<string> => withSession((session) => session.ask(author, recipient));

describe('Belfry behind Exim', () => {
  it('brings a post of each shape to every member, once', async () => {
    const posts = shapedPosts(shapeNames.length, author, `ant@${domain}`);
    await withSession(async (session) => {
      for (const { id, content } of posts) {
        const replies = await session.send(author, [`ant@${domain}`], content);
        expect(replies, id).toEqual([expect.stringMatching(/^250 /)]);
      }
    });
    await sink.deliveries(posts.length * members.length, 60_000);
    await stack.idle(60_000);
    const arrived = sink.received.map(({ message, recipients }) => {
      const id = /^X-Post: (.*)\r$/m.exec(message.toString('latin1'))?.[1];
      return `${id} for ${[...recipients].sort().join(', ')}`;
    });
    expect(arrived.sort()).toEqual(posts.map(({ id }) => `${id} for ${members.join(', ')}`).sort());
  });

  it('has an unknown list refused by Exim at RCPT', async () => {
    expect(await ask(`nobody@${domain}`)).toBe('550 Unknown mailing list');
  });

  it('has a list accepted soon that somebody asked for before it was made', async () => {
    expect(await ask(`bee@${domain}`)).toMatch(/^550 /);
    await makeList(stack, `bee@${domain}`, members);
    let answer = '';
    for (const until = performance.now() + 60_000; performance.now() < until; await delay(500)) {
      answer = await ask(`bee@${domain}`);
      if (answer.startsWith('250')) break;
    }
    expect(answer).toMatch(/^250 /);
  });

  it('brings a bounce with what follows the plus', async () => {
    const id = '<a.bounce@example.org>';
    const content = `From: ${author}\r\nMessage-ID: ${id}\r\nSubject: hi\r\n\r\nHi.\r\n`;
    const to = `ant-bounces+bart=example.org@${domain}`;
    const replies = await withSession((session) => session.send('', [to], Buffer.from(content)));
    expect(replies).toEqual([expect.stringMatching(/^250 /)]);
    const recipients: string[] = [];
    for (const until = performance.now() + 20_000; recipients.length === 0 && performance.now() < until; ) {
      for await (const { envelope } of stack.store.mails.byMessageId(id)) recipients.push(envelope.recipient);
    }
    expect(recipients).toEqual([to]);
  });

  it('leaves nothing in the shunt', async () => {
    expect(await shunted(stack)).toEqual([]);
    expect(stack.problems).toEqual([]);
  });
});
