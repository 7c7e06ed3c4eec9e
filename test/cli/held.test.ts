import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { heldKey } from '../../lib/blobs/keys.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { readSite } from '../../lib/config/site.ts';
import { heldOf } from '../../lib/held/held-of.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { MailRecord } from '../../lib/posts/mail-record.ts';
import { runModeration } from '../../lib/runners/moderation.ts';
import { type Belfry, startBelfry } from './belfry.ts';

let belfry: Belfry;
let count = 0;
/** The list of the test at hand. */
let list: string;
let running = true;
let command: Promise<void> = Promise.resolve();

beforeAll(async () => {
  belfry = await startBelfry();
});
afterAll(() => belfry.close());
beforeEach(async () => {
  count += 1;
  list = `ant${count}@example.com`;
  await belfry.run(['list', 'create', list]);
});
// The function command, beside the command line as in a stack that runs.
const startCommand = (): void => {
  running = true;
  const ports = {
    ...belfry.emulators,
    clock: systemClock,
    site: readSite(),
    log: mailLogTo(() => undefined),
  };
  command = (async () => {
    while (running) {
      for (const message of await belfry.emulators.receive('command')) {
        if (message.type === 'moderation') await runModeration(message, ports);
      }
    }
  })();
};
afterEach(async () => {
  running = false;
  await command;
});

const run = (...args: readonly string[]) => belfry.run(['held', ...args]);

/** Holds a mail on the list of the test; gives its number. */
const hold = async (
  text = 'From: anne@example.org\r\nSubject: Eggs\r\n\r\nMind the eggs.\r\n',
): Promise<number> => {
  const { store, blobs } = belfry.emulators;
  const id = randomUUID();
  const bytes = Buffer.from(text);
  await blobs.put(heldKey(id), bytes);
  const list_id = list.replace('@', '.');
  const record: MailRecord = {
    id,
    list_id,
    message_id: `<${id}@example.org>`,
    blob: heldKey(id),
    envelope: { sender: 'anne@example.org', recipient: list },
    metadata: {
      original_size: bytes.length,
      received_time: '2026-01-01T00:00:00.000Z',
      to_list: true,
      moderation_reasons: ['It is from a stranger.', 'It has eggs.'],
    },
    disposition: 'held',
    rule_hits: ['nonmember-moderation'],
    rule_misses: ['approved'],
    pipeline: 'default-posting-pipeline',
    decided_at: '2026-01-01T00:00:01.000Z',
    hold: { request_id: await store.held.takeNumber(list_id), token: id },
  };
  await store.mails.commit(record);
  const held = heldOf(record, bytes, ['from']);
  if (held === undefined) throw new Error('It is not held');
  await store.held.put(held);
  return held.request_id;
};

describe('held ls', () => {
  it('shows what waits and why, and who looks at it', async () => {
    expect(await run('ls', list)).toEqual({ status: 0, stdout: '', stderr: `No mail to ${list} waits.\n` });
    await hold();
    await hold('From: bart@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nx\r\n');
    await run('claim', list, '2', '--as', 'cris@example.org');
    expect((await run('ls', list)).stdout).toBe(
      [
        '1  2026-01-01T00:00:01.000Z  anne@example.org  Eggs',
        '  It is from a stranger.',
        '  It has eggs.',
        '2  2026-01-01T00:00:01.000Z  bart@example.org  Grüße',
        '  It is from a stranger.',
        '  It has eggs.',
        '  Claimed by cris@example.org.',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('ls', list, '--from', '2', '--json')).stdout)).toMatchObject([
      {
        request_id: 2,
        subject: 'Grüße',
        sender: 'bart@example.org',
        reason: 'It is from a stranger.; It has eggs.',
        claimed_by: 'cris@example.org',
      },
    ]);
  });

  it('shows 1,000 in pages', async () => {
    for (let at = 0; at < 1000; at += 50) await Promise.all(Array.from({ length: 50 }, () => hold()));
    const numbers = async (...options: readonly string[]): Promise<readonly number[]> =>
      JSON.parse((await run('ls', list, '--json', ...options)).stdout).map(
        ({ request_id }: { request_id: number }) => request_id,
      );
    const from = (first: number, length: number) => Array.from({ length }, (_, n) => first + n);
    expect(await numbers()).toEqual(from(1, 1000));
    expect(await numbers('--page', '1')).toEqual(from(1, 50));
    expect(await numbers('--page', '20')).toEqual(from(951, 50));
    expect(await numbers('--page', '21')).toEqual([]);
    expect(await numbers('--from', '996')).toEqual(from(996, 5));
  }, 300_000);
});

describe('held show', () => {
  it('shows reasons, headers and the beginning of the text, with nothing that a terminal obeys', async () => {
    const text = `From: anne@example.org\r\nSubject: \u001b[31mred\r\n\r\nMind \u001b[2J the eggs.\r\n`;
    await hold(text);
    const { stdout } = await run('show', list, '1');
    expect(stdout).toMatch(/^from +anne@example\.org$/m);
    expect(stdout).toContain('  It has eggs.\n');
    expect(stdout).toContain('From: anne@example.org\n');
    expect(stdout).toContain('Mind \ufffd[2J the eggs.');
    expect(stdout).not.toContain('\u001b');
    expect((await run('show', list, '1', '--mail')).stdout).toBe(text);
  });

  it('has all that Mailman tells of a held mail, as JSON, and no token', async () => {
    await hold();
    const { stdout } = await run('show', list, '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      request_id: 1,
      msg: 'From: anne@example.org\r\nSubject: Eggs\r\n\r\nMind the eggs.\r\n',
      subject: 'Eggs',
      original_subject: 'Eggs',
      sender: 'anne@example.org',
      reason: 'It is from a stranger.; It has eggs.',
      hold_date: '2026-01-01T00:00:01.000Z',
      message_id: expect.stringMatching(/^<.*@example\.org>$/),
      listid: list.replace('@', '.'),
      original_size: 57,
      received_time: '2026-01-01T00:00:00.000Z',
      to_list: true,
      rule_hits: ['nonmember-moderation'],
      rule_misses: ['approved'],
      moderation_reasons: ['It is from a stranger.', 'It has eggs.'],
      moderation_sender: 'anne@example.org',
    });
    expect(stdout).not.toContain('token');
  });
});

describe('deciding', () => {
  it('accepts several at once', async () => {
    startCommand();
    for (let n = 0; n < 3; n += 1) await hold();
    expect(await run('accept', list, '1', '3', '--from-now-on', 'accept')).toEqual({
      status: 0,
      stdout: `${list}: accepted 1, 3.\n`,
      stderr: '',
    });
    expect((await run('ls', list)).stdout).toMatch(/^2 /);
    const members = await belfry.run(['member', 'ls', list, '--role', 'nonmember', '--json']);
    expect(JSON.parse(members.stdout)).toMatchObject([
      { email: 'anne@example.org', moderation_action: 'accept' },
    ]);
  });

  it('rejects with a comment, discards, and bans', async () => {
    startCommand();
    await hold();
    await hold();
    expect((await run('reject', list, '1', '--comment', 'No eggs.')).stdout).toBe(`${list}: rejected 1.\n`);
    expect((await run('discard', list, '2', '--ban')).stdout).toBe(`${list}: discarded 2.\n`);
    expect(await belfry.emulators.store.bans.ls(list.replace('@', '.'))).toEqual(['anne@example.org']);
    expect((await run('ls', list)).stdout).toBe('');
  });

  it('says who was first', async () => {
    await hold();
    const { store } = belfry.emulators;
    const held = await store.held.get(list.replace('@', '.'), 1);
    await store.mails.moderate(
      held?.mail_id ?? '',
      { deed: 'reject', by: 'dora@example.org', at: '2026-01-02T00:00:00.000Z', wish: 'hers' },
      new Date(Date.now() + 1e9),
    );
    startCommand();
    expect(await run('accept', list, '1')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'belfry: 1 was rejected already by dora@example.org at 2026-01-02T00:00:00.000Z\n',
    });
  });

  it('does nothing when one of the numbers is wrong', async () => {
    await hold();
    expect(await run('accept', list, '1', '9')).toMatchObject({
      status: 1,
      stderr: `belfry: ${list} holds no mail 9; it may have been decided on (held ls shows what waits)\n`,
    });
    expect(await belfry.emulators.receive('command')).toEqual([]);
    for (const args of [
      ['accept', list],
      ['accept', list, 'seven'],
      ['accept', list, '1', '--from-now-on', 'love'],
      ['discard', list, '1', '--as', 'nobody'],
      ['forward', list, '1'],
      ['forward', list, '1', 'nobody'],
      ['ls', list, '--page', '0'],
    ]) {
      expect(await run(...args)).toMatchObject({ status: 2, stdout: '' });
    }
  });
});

describe('held claim', () => {
  it('shows others who looks at a mail, until it is given back', async () => {
    await hold();
    const me = userInfo().username;
    expect((await run('claim', list, '1')).stdout).toBe(`1 is claimed by ${me}.\n`);
    expect((await run('show', list, '1')).stdout).toMatch(new RegExp(`^claimed +by ${me} at 20`, 'm'));
    expect(await run('claim', list, '1', '--as', 'dora@example.org')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`^belfry: 1 is claimed by ${me} since 20`)),
    });
    expect((await run('claim', list, '1', '--release')).stdout).toBe('1 is free again.\n');
    expect((await run('claim', list, '1', '--as', 'dora@example.org')).status).toBe(0);
  });
});

describe('held forward', () => {
  it('asks the function to send copies, and decides nothing', async () => {
    await hold();
    expect((await run('forward', list, '1', 'dora@example.org')).stdout).toBe(
      '1 is on its way to dora@example.org.\n',
    );
    expect(await belfry.emulators.receive('command')).toMatchObject([
      { type: 'moderation', deed: 'defer', request_id: 1, forward: ['dora@example.org'] },
    ]);
  });
});
