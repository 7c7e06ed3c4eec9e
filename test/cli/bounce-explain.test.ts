import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDirectory, runIn } from './belfry.ts';

let directory: string;

const mail = [
  'From: MAILER-DAEMON@example.net',
  'To: ant-bounces@lists.example.com',
  'Subject: failure notice',
  '',
  'Hi. This is the qmail-send program at example.net.',
  "I'm afraid I wasn't able to deliver your message to the following addresses.",
  '',
  '<anne@example.org>:',
  'Sorry, no mailbox here by that name. (#5.1.1)',
  '',
].join('\n');

const answer = ['From: bart@example.org', 'Subject: Out of office', '', 'Away.', ''].join('\n');

beforeAll(async () => {
  directory = await emptyDirectory();
  await writeFile(join(directory, 'bounce.eml'), mail);
  await writeFile(join(directory, 'answer.eml'), answer);
});
afterAll(() => rm(directory, { recursive: true }));

describe('belfry bounce explain', () => {
  it('tells whom a bounce is about, and why, without a stack', async () => {
    expect(await runIn(directory, ['bounce', 'explain', 'bounce.eml', 'answer.eml'])).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'bounce.eml:',
        '  anne@example.org  permanent, user-unknown (5.1.1), by qmail',
        '    Sorry, no mailbox here by that name. (#5.1.1)',
        'answer.eml:',
        '  no bounce: out-of-office',
        '',
      ].join('\n'),
    });
  });

  it('tells it to machines', async () => {
    const { status, stdout } = await runIn(directory, [
      'bounce',
      'explain',
      'bounce.eml',
      'answer.eml',
      '--json',
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      {
        file: 'bounce.eml',
        kind: 'bounces',
        because: null,
        permanent: ['anne@example.org'],
        temporary: [],
        complaint: [],
        bounces: [
          {
            address: 'anne@example.org',
            kind: 'permanent',
            why: 'user-unknown',
            code: '5.1.1',
            detector: 'qmail',
            diagnostic: 'Sorry, no mailbox here by that name. (#5.1.1)',
          },
        ],
      },
      {
        file: 'answer.eml',
        kind: 'no-bounce',
        because: 'out-of-office',
        permanent: [],
        temporary: [],
        complaint: [],
        bounces: [],
      },
    ]);
  });

  it('believes the envelope more than the report', async () => {
    const recipient = 'ant-bounces+carl=example.com@lists.example.com';
    const { stdout } = await runIn(directory, ['bounce', 'explain', '--recipient', recipient, 'bounce.eml']);
    expect(stdout).toContain('carl@example.com  permanent, user-unknown (5.1.1), by verp');
  });

  it('tells of the others when a file cannot be read', async () => {
    const { status, stdout, stderr } = await runIn(directory, [
      'bounce',
      'explain',
      'none.eml',
      'answer.eml',
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('The file none.eml cannot be read: ');
    expect(stdout).toContain('out-of-office');
  });

  it('gives machines those that it can read', async () => {
    const { status, stdout, stderr } = await runIn(directory, [
      'bounce',
      'explain',
      'none.eml',
      'bounce.eml',
      '--json',
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('The file none.eml cannot be read: ');
    expect(JSON.parse(stdout)).toMatchObject([{ file: 'bounce.eml', permanent: ['anne@example.org'] }]);
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is no mail', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff, 0x00, 0xfe])],
    ['is one line', Buffer.from('Hello')],
    ['has a header alone', Buffer.from('From: MAILER-DAEMON@example.net\nSubject: failure notice\n')],
  ])('does not recognise a file that %s', async (_, bytes) => {
    await writeFile(join(directory, 'odd.eml'), bytes);
    expect(await runIn(directory, ['bounce', 'explain', 'odd.eml'])).toEqual({
      status: 0,
      stderr: '',
      stdout: 'odd.eml:\n  not recognised\n',
    });
  });

  it('reads a bounce of 30 MB, and one that is 30 MB of nothing', async () => {
    const attachment = `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo='.repeat(2)}\n`;
    const filler = attachment.repeat(Math.ceil(30e6 / attachment.length));
    await writeFile(
      join(directory, 'large.eml'),
      `${mail}\n--- Below this line is a copy of the message.\n\n${filler}`,
    );
    await writeFile(join(directory, 'filler.eml'), filler);
    const { status, stdout } = await runIn(directory, [
      'bounce',
      'explain',
      'large.eml',
      'filler.eml',
      '--json',
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { file: 'large.eml', permanent: ['anne@example.org'] },
      { file: 'filler.eml', kind: 'unrecognised' },
    ]);
  });

  it('takes a directory for what it is', async () => {
    await mkdir(join(directory, 'box.d'));
    const { status, stdout, stderr } = await runIn(directory, ['bounce', 'explain', 'box.d']);
    expect({ status, stdout }).toMatchObject({ status: 1 });
    // Which of several it is, the system does not say.
    expect(stderr).toMatch(/^belfry: The file box\.d cannot be read: .*directory/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('wants a file', async () => {
    expect((await runIn(directory, ['bounce', 'explain'])).status).toBe(2);
  });
});
