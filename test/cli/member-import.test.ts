import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Belfry, startBelfry } from './belfry.ts';

let belfry: Belfry;
let count = 0;
/** The list of the test at hand. */
let list: string;
beforeAll(async () => {
  belfry = await startBelfry();
});
afterAll(() => belfry?.close());
beforeEach(async () => {
  count += 1;
  list = `ant${count}@example.com`;
  await belfry.run(['list', 'create', list]);
});

const run = (...args: readonly string[]) => belfry.run(args);

/** Imports a file with this in it. */
const imported = async (content: string | Buffer, ...options: readonly string[]) => {
  const file = join(belfry.directory, 'import');
  await writeFile(file, content);
  return run('member', 'import', list, file, ...options);
};

const members = async (role = 'member'): Promise<readonly Record<string, unknown>[]> =>
  JSON.parse((await run('member', 'ls', list, '--role', role, '--json')).stdout);

const states = async () =>
  (await members()).map((one) => [
    one.email,
    one.delivery_mode ?? '-',
    one.delivery_status ?? '-',
    one.moderation_action ?? '-',
  ]);

describe('member import', () => {
  it('takes the files of Mailman 2 over, one after the other', async () => {
    await imported('Anne <a@example.org>\r\n"Person, Bart" <b@example.org>\r\nc@example.org\r\n');
    await imported('d@example.org\n', '--mode', 'plaintext_digests');
    expect((await imported('c@example.org\nd@example.org\n', '--status', 'by_user', '--update')).stdout).toBe(
      `Added 0 members to ${list}. Changed 2. 2 had that role already.\n`,
    );
    await imported('a@example.org\n', '--action', 'hold', '--update');
    await imported('o@example.org\n', '--role', 'owner');
    expect(await states()).toEqual([
      ['a@example.org', '-', '-', 'hold'],
      ['b@example.org', '-', '-', '-'],
      ['c@example.org', '-', 'by_user', '-'],
      ['d@example.org', 'plaintext_digests', 'by_user', '-'],
    ]);
    expect(await members('owner')).toMatchObject([{ email: 'o@example.org', moderation_action: 'accept' }]);
  });

  it('takes rosters of Mailman 3 over', async () => {
    const entry = (email: string, over: Readonly<Record<string, string>> = {}) => ({
      email,
      role: 'member',
      display_name: '',
      delivery_mode: 'regular',
      subscription_mode: 'as_address',
      list_id: 'ant.lists.example.com',
      ...over,
    });
    const pages = [
      { start: 0, total_size: 3, entries: [entry('a@example.org', { display_name: 'Anne' })] },
      {
        start: 1,
        total_size: 3,
        entries: [
          entry('b@example.org', { delivery_mode: 'mime_digests', moderation_action: 'hold' }),
          entry('c@example.org', { delivery_status: 'by_moderator' }),
        ],
      },
      { start: 0, total_size: 1, entries: [entry('a@example.org', { role: 'moderator' })] },
    ];
    const text = pages.map((page) => JSON.stringify(page)).join('');
    expect(await imported(text)).toEqual({
      status: 0,
      stdout: `Added 4 memberships (3 members, 1 moderator) to ${list}.\n`,
      stderr: '',
    });
    expect(await states()).toEqual([
      ['a@example.org', '-', '-', '-'],
      ['b@example.org', 'mime_digests', '-', 'hold'],
      ['c@example.org', '-', 'by_moderator', '-'],
    ]);
    expect(await members('moderator')).toHaveLength(1);
  });

  it('takes the CSV of Google Groups over, with all that a spreadsheet does to it', async () => {
    const csv = [
      'Members for group Ants,,,,,,,,',
      'Email address,Nickname,Group status,Email status,Email preference,Posting permissions,Join year,Join month,Join day,Mood',
      'a@example.org,"Person, ""Ant"" Anne",owner,,email,allowed,2018,4,10,good',
      'b@example.org,Bart,member,bouncing,digest,moderated,2019,12,31,',
      'c@example.org,,member,,no email,allowed,2019,12,31,',
      'd@example.org,,member,,fortnightly,allowed,2019,12,31,',
      'e@example.org,,invited,,email,allowed,2019,12,31,',
    ].join('\r\n');
    expect(await imported(`\uFEFF${csv}\r\n`)).toEqual({
      status: 1,
      stdout: `Added 4 memberships (3 members, 1 owner) to ${list}. 2 could not be added.\nBelfry does not know the column "mood", and took nothing from it.\n`,
      stderr: [
        'belfry: line 6: Belfry does not know what "fortnightly" means as email preference of d@example.org',
        'belfry: line 7: e@example.org was invited and is no member yet',
        '',
      ].join('\n'),
    });
    expect(await states()).toEqual([
      ['a@example.org', '-', '-', '-'],
      ['b@example.org', 'mime_digests', 'by_bounces', 'hold'],
      ['c@example.org', '-', 'by_user', '-'],
    ]);
    expect((await members())[0]).toMatchObject({
      display_name: 'Person, "Ant" Anne',
      subscribed_at: '2018-04-10T00:00:00.000Z',
    });
    // Given again it changes nothing.
    expect(JSON.parse((await imported(csv, '--json', '--update')).stdout)).toMatchObject({
      format: 'google',
      added: 0,
      changed: 0,
      already: 4,
    });
  });

  it('reads UTF-16 with its mark, as spreadsheets write it', async () => {
    const csv = 'Email address,Nickname\r\na@example.org,Zo\u00eb\r\n';
    const bytes = Buffer.from(`\uFEFF${csv}`, 'utf16le');
    expect((await imported(bytes)).stdout).toBe(`Added 1 member to ${list}.\n`);
    expect((await imported(Buffer.from(bytes).swap16(), '--json')).stdout).toContain('"already": 1');
    expect((await members())[0]).toMatchObject({ display_name: 'Zo\u00eb' });
  });

  it('shows what it would do', async () => {
    const { stdout } = await imported('[{"email":"a@example.org","role":"owner"}]', '--dry-run');
    expect(stdout).toBe(`+ a@example.org  (owner)\nWould add 1 owner to ${list}.\n`);
    expect(await members('owner')).toEqual([]);
  });

  it.each([
    [Buffer.from('Zo\xeb <z@example.org>\n', 'latin1'), [], 1, 'The file is not in UTF-8'],
    ['{"entries": [', [], 1, 'What begins in line 1 is not JSON'],
    ['a@example.org\n', ['--format', 'google'], 1, 'no line with the column "Email address"'],
    ['a@example.org\n', ['--format', 'sympa'], 2, '"sympa" is not a format'],
    ['[]', ['--role', 'owner'], 2, 'this file says the roles itself'],
    ['a@example.org\n', ['--status', 'asleep'], 2, '"asleep" is not a delivery status'],
  ])('refuses %j with %j', async (content, options, status, sentence) => {
    const { stdout, stderr, ...ended } = await imported(content, ...options);
    expect([ended.status, stdout]).toEqual([status, '']);
    expect(stderr).toContain(sentence);
    expect(await members()).toEqual([]);
  });
});
