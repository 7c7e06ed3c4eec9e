import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../../infra/aws/site-file.ts';
import { type Received, startRelay, type TestRelay } from '../harness/relay.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import { type MailSession, openSession } from './mail-session.ts';
import { makeList } from './make-list.ts';
import { type ShapedPost, shapedPosts, shapeNames } from './post-shapes.ts';
import { type PostfixInstance, startPostfix } from './postfix-instance.ts';
import { shunted } from './shunted.ts';

// Postfix in front, as docs/postfix tells, and another one behind Belfry as its relay, which brings every mail to a sink that
// counts:  client -> Postfix -> Belfry -> Postfix -> sink.

const domain = 'lists.example.com';
const members = ['anne@example.org', 'bart@example.org', 'cris@example.org'] as const;
const [author] = members;

let sink: TestRelay;
let relay: PostfixInstance;
let stack: Stack;
let front: PostfixInstance;

/** A file of the documentation, with the port of this run. */
const documented = (file: string, port: number): string => {
  const text = readFileSync(join(checkout, 'docs/postfix', file), 'utf8');
  return text.replaceAll('[127.0.0.1]:8024', `[127.0.0.1]:${port}`);
};

beforeAll(async () => {
  sink = await startRelay();
  // The relay is whatever the organisation has. This one hands everything on, and folds no long lines either.
  relay = await startPostfix(
    'relay',
    `relayhost = [127.0.0.1]:${sink.port}
message_size_limit = 40000000
smtp_line_length_limit = 0
`,
  );
  stack = await startStack({ relay: { host: '127.0.0.1', port: relay.port } });
  await makeList(stack, `ant@${domain}`, members, { max_message_size: 0 });
  const main = documented('main.cf', stack.lmtpPort);
  if (!main.includes(`:${stack.lmtpPort} }`)) throw new Error('docs/postfix/main.cf names another gateway');
  // What Postfix sends to others, which is its bounces, goes to the sink as well, and not out into the world.
  const elsewhere = `relayhost = [127.0.0.1]:${sink.port}\n`;
  front = await startPostfix('front', main + elsewhere, documented('master.cf', stack.lmtpPort));
});

afterAll(async () => {
  await front?.stop();
  await stack?.stop();
  await relay?.stop();
  await sink?.close();
});

const withSession = async <T>(work: (session: MailSession) => Promise<T>): Promise<T> => {
  const session = await openSession(front.port, 'smtp');
  const result = await work(session);
  await session.close();
  return result;
};

/** Asks until the answer begins as wished; gives all answers. */
const askUntil = (recipient: string, wished: string, limitMs: number): Promise<readonly string[]> =>
  withSession(async (session) => {
    const answers: string[] = [];
    for (const until = performance.now() + limitMs; ; ) {
      const answer = await session.ask(author, recipient);
      answers.push(answer);
      if (answer.startsWith(wished) || performance.now() > until) return answers;
      await delay(500);
    }
  });

/** Waits until nothing is under way, so that what was doubled has arrived as well. */
const allDone = async (): Promise<void> => {
  for (const instance of [front, relay]) {
    for (const until = performance.now() + 60_000; ; await delay(200)) {
      const waiting = await instance.waiting();
      if (waiting === undefined) break;
      if (performance.now() > until) throw new Error(`Postfix is not done:\n${waiting}`);
    }
    if (instance === front) await stack.idle(60_000);
  }
};

const header = (mail: Buffer, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)\\r$`, 'm').exec(mail.toString('latin1', 0, mail.indexOf('\r\n\r\n')))?.[1];

const bodyOf = (mail: Buffer): Buffer => mail.subarray(mail.indexOf('\r\n\r\n') + 4);

describe('Belfry between two Postfixes', () => {
  it('brings 200 posts of every shape to every member, each once and with its body', async () => {
    const posts = shapedPosts(200, author, `ant@${domain}`);
    expect(posts.length / shapeNames.length).toBeGreaterThanOrEqual(10);
    // Four clients at once, each with every fourth post.
    const replies = await Promise.all(
      [0, 1, 2, 3].map((client) =>
        withSession(async (session) => {
          const said: string[] = [];
          for (const post of posts.filter((_, n) => n % 4 === client)) {
            said.push(...(await session.send(author, [`ant@${domain}`], post.content)));
          }
          return said;
        }),
      ),
    );
    expect(replies.flat().filter((reply) => !reply.startsWith('250'))).toEqual([]);
    await sink.deliveries(posts.length * members.length, 300_000);
    await allDone();

    const copies = new Map<string, number>();
    const mails = new Map<string, Received>();
    for (const mail of sink.received) {
      const id = header(mail.message, 'X-Post') ?? '(none)';
      mails.set(id, mail);
      for (const recipient of mail.recipients) {
        copies.set(`${id} for ${recipient}`, (copies.get(`${id} for ${recipient}`) ?? 0) + 1);
      }
    }
    const wanted = posts.flatMap(({ id }) => members.map((member) => [`${id} for ${member}`, 1] as const));
    expect([...copies].sort()).toEqual([...wanted].sort());

    const altered = posts.filter(({ id, body }: ShapedPost) => {
      const mail = mails.get(id)?.message;
      return mail === undefined || (body !== undefined && !bodyOf(mail).equals(body));
    });
    expect(altered.map(({ id }) => id)).toEqual([]);
    for (const mail of sink.received) {
      expect(mail.sender).toBe(`ant-bounces@${domain}`);
      expect(header(mail.message, 'List-Post')).toBe(`<mailto:ant@${domain}>`);
    }
  });

  it('keeps the connections from Postfix to Belfry', () => {
    const deliveries = front
      .log()
      .split('\n')
      .filter((line) => line.includes('postfix/belfry') && line.includes('status=sent'));
    const anew = deliveries.filter((line) => !line.includes('conn_use='));
    expect(deliveries.length).toBeGreaterThanOrEqual(200);
    expect(anew.length).toBeLessThan(deliveries.length / 4);
  });

  it('has an unknown list refused by Postfix at RCPT', async () => {
    const [answer] = await askUntil(`nobody@${domain}`, '5', 10_000);
    expect(answer).toMatch(/^550 5\.1\.1 <nobody@lists\.example\.com>: Recipient address rejected: /);
    expect(answer).toContain('mailbox unavailable');
  });

  it('has a list accepted soon that somebody asked for before it was made', async () => {
    expect(await askUntil(`bee@${domain}`, '5', 10_000)).toHaveLength(1);
    await makeList(stack, `bee@${domain}`, members);
    const answers = await askUntil(`bee@${domain}`, '2', 60_000);
    expect(answers.at(-1)).toMatch(/^250 2\.1\.5 /);
    expect(new Set(answers.slice(0, -1).map((answer) => answer.slice(0, 9)))).toEqual(new Set(['550 5.1.1']));
  });

  it('brings mail for each address of a list to where it belongs, with what follows the plus', async () => {
    const addresses = ['owner', 'request', 'join', 'confirm+0123abcd', 'bounces', 'bounces+bart=example.org'];
    await withSession(async (session) => {
      for (const address of addresses) {
        const content = `From: ${author}\r\nMessage-ID: <${address}@example.org>\r\nSubject: hi\r\n\r\nHi.\r\n`;
        const reply = await session.send(author, [`ant-${address}@${domain}`], Buffer.from(content));
        expect(reply, address).toEqual([expect.stringMatching(/^250 /)]);
      }
    });
    await allDone();
    for (const address of addresses) {
      const found = [];
      for await (const record of stack.store.mails.byMessageId(`<${address}@example.org>`))
        found.push(record);
      expect(found.map(({ envelope }) => envelope.recipient)).toEqual([`ant-${address}@${domain}`]);
    }
  });

  it('gets a mail sent with SMTPUTF8 as long as its addresses are ASCII; Postfix sends others back', async () => {
    const before = sink.received.length;
    const utf8 = (sender: string): Buffer =>
      Buffer.from(`From: ${sender}\r\nSubject: Grüße von ${sender}\r\n\r\nHi.\r\n`);
    await withSession(async (session) => {
      for (const sender of [author, Buffer.from('jürgen@example.org').toString('latin1')]) {
        const content = utf8(Buffer.from(sender, 'latin1').toString());
        const reply = await session.send(sender, [`ant@${domain}`], content, 'BODY=8BITMIME SMTPUTF8');
        expect(reply).toEqual([expect.stringMatching(/^250 /)]);
      }
    });
    await allDone();
    // Belfry offers no SMTPUTF8, so Postfix does not hand it what needs that (5.6.7). Over a kept connection it tries all the same,
    // and is told of a malformed address (5.1.7).
    const [post, ...more] = sink.received.slice(before);
    expect(more).toEqual([]);
    expect(post?.recipients).toEqual(members);
    expect(post?.message.toString()).toContain(`Subject: Grüße von ${author}\r\n`);
    expect(front.log()).toMatch(/ to=<ant@lists\.example\.com>, .* dsn=5\.[61]\.7, status=bounced /);
  });

  it('leaves nothing in the shunt', async () => {
    expect(await shunted(stack)).toEqual([]);
    expect(stack.problems).toEqual([]);
  });
});
