import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rosterKey } from '../../lib/blobs/keys.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { readSite } from '../../lib/config/site.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import type { DmarcLookup } from '../../lib/dmarc/dmarc-lookup.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { QueueMessage } from '../../lib/queue/messages.ts';
import type { QueueName } from '../../lib/queue/names.ts';
import { runIncoming } from '../../lib/runners/incoming.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { startRelay, type TestRelay } from '../harness/relay.ts';
import { type Belfry, startBelfry } from './belfry.ts';

let belfry: Belfry;
let relay: TestRelay;
let transport: SmtpTransport;
const log = mailLogTo(() => undefined);

beforeAll(async () => {
  belfry = await startBelfry();
  relay = await startRelay({
    rcpt: (recipient) => {
      if (recipient.startsWith('gone')) return '550 5.1.1 No such user';
      if (recipient.startsWith('slow')) return '451 4.7.1 Later';
      return '250 2.1.5 Ok';
    },
  });
  transport = new SmtpTransport(
    async () => ({ mta: site().mta, delivery: site().delivery, credentials: undefined }),
    site(),
  );
  await belfry.run(['list', 'create', 'ant@example.com']);
  await belfry.run([
    'member',
    'add',
    'ant@example.com',
    ...['a', 'b', 'gone', 'slow'].map((name) => `${name}@example.org`),
  ]);
});
afterAll(async () => {
  await transport.close();
  await relay.close();
  await belfry.close();
});

const run = (...args: readonly string[]) => belfry.run(args);
const site = () =>
  readSite({ mta: { smtp_host: '127.0.0.1', smtp_port: relay.port, smtp_secure_mode: 'smtp' } });
const dmarc: DmarcLookup = (domain) => Promise.resolve({ kind: 'none', domain });
const ports = () => ({ ...belfry.emulators, clock: systemClock, site: site(), log, dmarc });

/** Takes what is on a queue, and has it done by the function behind it. */
const work = async (queue: QueueName): Promise<readonly QueueMessage[]> => {
  const messages = await belfry.emulators.receive(queue);
  for (const message of messages) {
    if (message.type === 'mail') await runIncoming(message, ports());
    if (message.type === 'post') await runPipeline(message, ports());
    if (message.type === 'chunk') {
      const deadline = new Date(Date.now() + 180_000);
      await runOutgoing(message, { ...ports(), transport, owner: 'test', deadline });
    }
  }
  return messages;
};

const mail = (messageId: string): string =>
  `From: Anne <a@example.org>\nTo: ant@example.com\nSubject: hello\nMessage-ID: ${messageId}\n\nbody\n`;

const injected = async (messageId: string, ...args: readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await belfry.run(
    ['inject', 'ant@example.com', ...args],
    mail(messageId),
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.trim();
};

describe('a mail that was injected', () => {
  it('goes through the rules from in, and post show follows it to each member', async () => {
    const id = await injected('<one@example.org>');
    expect((await run('post', 'show', id)).stderr).toBe(
      `belfry: Nothing is known of the mail ${id}; one that was just accepted may still wait in its queue (queue ls)\n`,
    );

    await work('in');
    const decided = await run('post', 'show', '<one@example.org>');
    expect(decided.stdout).toMatch(/^mail +\S+$/m);
    expect(decided.stdout).toMatch(/^from +a@example\.org$/m);
    expect(decided.stdout).toMatch(/^disposition +accepted at /m);
    expect(decided.stdout).toMatch(/^rules that missed +.*loop/m);
    expect(decided.stdout).toMatch(/^delivery +the post is not made yet$/m);

    await work('pipeline');
    const made = await run('post', 'show', 'one@example.org', '--member', 'a@example.org');
    expect(made.stdout).toMatch(/^post number +1$/m);
    expect(made.stdout).toMatch(/^recipients +4 in 1 chunks$/m);
    expect(made.stdout).toMatch(/^not tried yet +4$/m);
    expect(made.stdout).toMatch(/^member +not tried for a@example\.org yet$/m);

    await work('out');
    const sent = await run('post', 'show', id);
    expect(sent.status).toBe(0);
    expect(sent.stdout).toMatch(/^delivered +2$/m);
    expect(sent.stdout).toMatch(/^put off +1$/m);
    expect(sent.stdout).toMatch(/^refused +1$/m);
    expect(sent.stdout).toMatch(/^not tried yet +0$/m);
    expect(sent.stdout).toMatch(/^delivery +one copy for many recipients, from ant-bounces@example\.com$/m);
    expect(sent.stdout).toMatch(/^waiting since +\S+, tried once$/m);
    expect(sent.stdout).toMatch(/^next attempt +at 20\S+$/m);
    expect(sent.stdout).toMatch(/^given up +from 20\S+ on$/m);
    expect(sent.stdout).toMatch(
      /1: refused for the recipient: there is no such address \(rejected 550 5\.1\.1\)$/m,
    );
    expect(sent.stdout).toMatch(/1: put off: not now, by a rule of .* \(deferred 451 4\.7\.1\)$/m);
    expect(sent.stdout).toMatch(
      new RegExp(
        `\n\nWho waits, and why: .* post show ${id} --missed\nTo send it again .*: npx belfry post resend ${id} --missed\n$`,
      ),
    );

    for (const [address, says] of [
      ['B@example.org', 'delivered to B@example.org'],
      [
        'gone@example.org',
        'not delivered to gone@example.org: refused for the recipient: there is no such address (rejected 550',
      ],
      ['slow@example.org', 'not delivered to slow@example.org yet after 1 attempt: put off: not now'],
      ['slow@example.org', '; tried again at 20'],
      ['nobody@example.org', 'nobody@example.org is no recipient of this post'],
    ] as const) {
      const { stdout } = await run('post', 'show', id, '--member', address);
      expect(stdout.split('\n').find((line) => line.startsWith('member'))).toContain(says);
    }

    const [report] = JSON.parse(
      (await run('post', 'show', id, '--json', '--member', 'b@example.org')).stdout,
    );
    expect(report).toMatchObject({
      record: { id, list_id: 'ant.example.com', post_number: 1 },
      delivery: {
        recipients: 4,
        chunks: 1,
        delivered: 2,
        waits: 1,
        refused: 1,
        not_tried: 0,
        forgotten_chunks: 0,
        waiting: { attempts: 1, chunks_under_way: 0 },
      },
      member: { kind: 'recipient', state: 'delivered' },
    });
  });

  it('tells that rosters have expired', async () => {
    const id = await injected('<expired@example.org>', '--queue', 'out');
    const attempt = (await belfry.emulators.store.mails.get(id))?.roster?.attempt ?? '';
    await belfry.emulators.blobs.remove(rosterKey(id, attempt, 0));
    const { stdout } = await run('post', 'show', id, '--member', 'a@example.org');
    expect(stdout).toMatch(/^member +what became of a@example\.org has expired$/m);
    await belfry.emulators.receive('out');
  });

  it('is taken as accepted into pipeline, and gets what the gateway would have added', async () => {
    const file = join(belfry.directory, 'mail.eml');
    await writeFile(file, 'From: a@example.org\nTo: ant@example.com\n\nno subject\n');
    const { stdout } = await run(
      'inject',
      'ant@example.com',
      '--queue',
      'pipeline',
      '--file',
      file,
      '--meta',
      'recipients=x@example.org, y@example.org',
    );
    const before = relay.received.length;
    await work('pipeline');
    await work('out');
    const sent = relay.received.slice(before);
    expect(sent.map(({ recipients }) => recipients)).toEqual([['x@example.org', 'y@example.org']]);
    const text = sent[0]?.message.toString() ?? '';
    expect(text).toMatch(/^Message-ID: <[0-9a-f]{40}@example\.com>\r\n/m);
    expect(text).toMatch(/^Message-ID-Hash: [A-Z2-7]{32}\r\n/m);
    expect(text).toMatch(/^Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000\r\n/m);
    expect(text).toMatch(/\r\n\r\nno subject\r\n$/);
    expect((await run('post', 'show', stdout.trim())).stdout).toMatch(
      /^reason +It was put into the queue pipeline by hand\.$/m,
    );
  });

  it('goes out as it is to the members with delivery enabled, or to those that are named', async () => {
    await run('member', 'set', 'ant@example.com', 'b@example.org', 'delivery_status=by_user');
    const before = relay.received.length;
    await injected('<two@example.org>', '--queue', 'out', '--meta', 'recipients=z@example.org');
    await work('out');
    await injected('<three@example.org>', '--queue', 'out');
    await work('out');
    expect(relay.received.slice(before).map(({ recipients }) => recipients)).toEqual([
      ['z@example.org'],
      ['a@example.org'],
    ]);
    expect(relay.received.at(-1)?.message.toString()).not.toContain('List-Id');
    expect(relay.received.at(-1)?.sender).toBe('ant-bounces@example.com');
  });

  it('is never taken for a repetition, and post show tells of each', async () => {
    const ids = [await injected('<same@example.org>'), await injected('<same@example.org>')];
    await work('in');
    const { stdout } = await run('post', 'show', 'same@example.org', '--json');
    const reports: { readonly record: { readonly id: string } }[] = JSON.parse(stdout);
    expect(reports.map(({ record }) => record.id).toSorted()).toEqual(ids.toSorted());
    await belfry.emulators.receive('pipeline');
  });

  it('is one for the owners with to_owner', async () => {
    const id = await injected('<owner@example.org>', '--meta', 'to_owner=true');
    await work('in');
    expect(await belfry.emulators.store.mails.get(id)).toMatchObject({
      envelope: { recipient: 'ant-owner@example.com' },
      metadata: { subaddress: 'owner', to_owner: true },
      pipeline: 'default-owner-pipeline',
    });
    await belfry.emulators.receive('pipeline');
  });

  it.each<[string, readonly string[], string, string]>([
    ['an unknown list', ['nobody@example.com'], 'x', 'There is no list nobody@example.com'],
    ['an empty mail', ['ant@example.com'], '', 'The mail is empty'],
    [
      'metadata of a wrong kind',
      ['ant@example.com', '--meta', 'verp=perhaps'],
      'x',
      'The metadata cannot be: ',
    ],
    ['a missing file', ['ant@example.com', '--file', '/no/such'], '', 'The file /no/such cannot be read: '],
  ])('fails in one line for %s', async (_, args, input, sentence) => {
    const { status, stdout, stderr } = await belfry.run(['inject', ...args], input);
    expect(stderr).toMatch(/^belfry: .*\n$/);
    expect(stderr).toContain(sentence);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});

describe('a mail that came again', () => {
  it('was not taken twice, and post show says so', async () => {
    const { store } = belfry.emulators;
    const id = await injected('<again@example.org>');
    const [message] = await belfry.emulators.receive('in');
    if (message?.type !== 'mail') throw new Error('There is no mail on the queue');
    const digest = 'd'.repeat(64);
    const { listid: list_id, blob } = message;
    const arrival = { digest, id, list_id, blob, first_at: new Date().toISOString(), repeats: 0 };
    await store.arrivals.note(arrival, new Date(Date.now() + 60_000));
    await store.arrivals.countRepeat(digest);
    await store.arrivals.countRepeat(digest);
    await runIncoming({ ...message, digest }, ports());
    expect((await run('post', 'show', id)).stdout).toMatch(/came again 2 times, and was not taken twice$/m);
  });
});

describe('a post that some did not get', () => {
  it('is named, shown and sent to those alone, and told of each member', async () => {
    await run('list', 'create', 'bee@example.com');
    await run('member', 'add', 'bee@example.com', 'a@example.org', 'gone@example.org', 'slow@example.org');
    const text = mail('<eggs@example.org>').replace('ant@', 'bee@').replace('hello', 'Eggs');
    const id = (await belfry.run(['inject', 'bee@example.com', '--queue', 'pipeline'], text)).stdout.trim();
    expect(await run('post', 'resend', id, '--missed')).toMatchObject({
      status: 1,
      stderr: `belfry: The post of the mail ${id} is not made yet\n`,
    });
    await work('pipeline');
    await work('out');

    expect((await run('post', 'ls', 'bee@example.com')).stdout).toMatch(
      new RegExp(`^1  \\S+Z  ${id}  <eggs@example\\.org>\\n  Eggs\\n$`),
    );
    expect((await run('post', 'show', id, '--missed')).stdout).toMatch(
      /^gone@example\.org +refused +refused for .*\nslow@example\.org +waits +put off: .*\n$/,
    );
    const waiting = await run('member', 'posts', 'slow@example.org', '--list', 'bee@example.com');
    expect(waiting.stdout).toMatch(
      new RegExp(
        `^bee\\.example\\.com  1  \\S+  ${id}\\n  Eggs\\n  waits: put off: .* \\(deferred 451 4\\.7\\.1\\)\\n$`,
      ),
    );

    const bare = await run('post', 'resend', id);
    expect(bare.status).toBe(2);
    expect(bare.stderr).toContain('Say --missed: a post is sent again to those who did not get it');
    const dry = await run('post', 'resend', id, '--missed', '--dry-run');
    expect(dry.stdout).toMatch(/^It would be sent to 2 recipients without it\.\n/);
    expect(dry.stdout).toMatch(/\ngone@example\.org +refused\nslow@example\.org +waits\n$/);
    expect(await belfry.emulators.receive('out')).toEqual([]);

    relay.says({});
    const before = relay.received.length;
    const resent = JSON.parse((await run('post', 'resend', id, '--missed', '--json')).stdout);
    expect(resent).toMatchObject({ id, recipients: 2, not_yet: 0, chunks: 1, forgotten_chunks: 0 });
    await work('out');
    const copies = relay.received.slice(before).flatMap(({ recipients }) => recipients);
    expect(copies.toSorted()).toEqual(['gone@example.org', 'slow@example.org']);
    expect((await run('post', 'resend', id, '--missed')).stdout).toBe('There is nobody to send it to.\n');
    expect((await run('member', 'posts', 'slow@example.org', '--list', 'bee@example.com')).stdout).toMatch(
      /\n {2}delivered\n$/,
    );
    const [other] = JSON.parse(
      (await run('member', 'posts', 'zoe@example.org', '--list', 'bee@example.com', '--json')).stdout,
    );
    expect(other).toMatchObject({ post: { id, number: 1 }, outcome: { kind: 'no recipient' } });
    expect(await run('member', 'posts', 'zoe@example.org')).toMatchObject({
      status: 1,
      stderr: 'belfry: zoe@example.org is a member of no list; --list tells of one that it has left\n',
    });
    expect((await run('post', 'ls', 'bee@example.com', '--last', 'many')).status).toBe(2);

    const at = '2026-01-01T00:00:00.000Z';
    await belfry.emulators.store.mails.markRefused(id, { at, reply: '554 5.6.0' });
    expect((await run('post', 'show', id)).stdout).toMatch(
      new RegExp(`^post refused +at ${at}: 554 5\\.6\\.0, the form of the mail is not accepted$`, 'm'),
    );
  });
});
