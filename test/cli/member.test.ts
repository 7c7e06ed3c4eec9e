import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Belfry, launcher, startBelfry } from './belfry.ts';

let belfry: Belfry;
let count = 0;
/** The list of the test at hand. */
let list: string;
beforeAll(async () => {
  belfry = await startBelfry();
});
afterAll(() => belfry.close());
beforeEach(async () => {
  count += 1;
  list = `ant${count}@example.com`;
  await belfry.run(['list', 'create', list]);
});

const run = (...args: readonly string[]) => belfry.run(args);
const ls = async (...options: readonly string[]) => (await run('member', 'ls', list, ...options)).stdout;

describe('member add', () => {
  it('adds those that are named', async () => {
    expect(await run('member', 'add', list, 'b@example.org', 'Anne Person <A@Example.org>')).toEqual({
      status: 0,
      stdout: `Added 2 members to ${list}.\n`,
      stderr: '',
    });
    expect(await ls()).toBe('Anne Person <A@Example.org>\nb@example.org\n');
  });

  it('reads a file, or standard input, and reports what is wrong by its line', async () => {
    const text = '# members\n\na@example.org\nnobody\nBea <b@example.org>\r\nc@localhost';
    const file = join(belfry.directory, 'members.txt');
    await writeFile(file, text);
    const expected = {
      status: 1,
      stdout: `Added 2 members to ${list}. 2 could not be added.\n`,
      stderr:
        'belfry: line 4: "nobody" is not an e-mail address\nbelfry: line 6: "c@localhost" is not an e-mail address\n',
    };
    expect(await run('member', 'add', list, '--file', file)).toEqual(expected);
    expect(await ls()).toBe('a@example.org\nBea <b@example.org>\n');

    expect(await belfry.run(['member', 'add', list], text)).toEqual({
      ...expected,
      stdout: `Added 0 members to ${list}. 2 had that role already. 2 could not be added.\n`,
    });
    expect((await belfry.run(['member', 'add', list, '--file', '-'], 'c@example.org\n')).stdout).toBe(
      `Added 1 member to ${list}.\n`,
    );
  });

  it('reads a file as a spreadsheet writes it, and spoils no name of one that is in another encoding', async () => {
    const file = join(belfry.directory, 'names.txt');
    const text = 'Zo\u00eb <z@example.org>\r\na@example.org\rb@example.org';
    await writeFile(file, Buffer.from(`\uFEFF${text}`, 'utf16le'));
    expect((await run('member', 'add', list, '--file', file)).stdout).toBe(`Added 3 members to ${list}.\n`);
    expect(await ls()).toBe('a@example.org\nb@example.org\nZo\u00eb <z@example.org>\n');
    await run('member', 'remove', list, 'z@example.org', 'b@example.org');
    await writeFile(file, Buffer.from('a@example.org\nZo\u00eb <y@example.org>\nc@example.org\n', 'latin1'));
    expect(await run('member', 'add', list, '--file', file)).toEqual({
      status: 1,
      stdout: `Added 1 member to ${list}. 1 had that role already. 1 could not be added.\n`,
      stderr: 'belfry: line 2: the name is not in UTF-8\n',
    });
    expect(await ls()).toBe('a@example.org\nc@example.org\n');
  });

  it('reports a wrong argument by its place', async () => {
    expect(await run('member', 'add', list, 'a@example.org', 'b@', 'c@example.org')).toEqual({
      status: 1,
      stdout: `Added 2 members to ${list}. 1 could not be added.\n`,
      stderr: 'belfry: argument 2: "b@" is not an e-mail address\n',
    });
  });

  it('leaves alone who is there already, in any letter case', async () => {
    await run('member', 'add', list, 'Anne <a@example.org>');
    await run('member', 'set', list, 'a@example.org', 'delivery_status=by_user');
    expect((await run('member', 'add', list, 'Other <A@EXAMPLE.org>')).stdout).toBe(
      `Added 0 members to ${list}. 1 had that role already. 1 of them differs from what is given; --update takes that over.\n`,
    );
    expect(JSON.parse(await ls('--json'))).toMatchObject([
      { email: 'a@example.org', display_name: 'Anne', delivery_status: 'by_user' },
    ]);
  });

  it('adds owners, moderators and nonmembers beside members', async () => {
    await run('member', 'add', list, '--role', 'owner', 'o@example.org');
    await run('member', 'add', list, '--role', 'moderator', 'o@example.org');
    await run('member', 'add', list, '--mode', 'mime_digests', 'o@example.org');
    expect(await ls('--role', 'moderator')).toBe('o@example.org\n');
    expect(JSON.parse(await ls('--role', 'owner', '--json'))).toMatchObject([
      { moderation_action: 'accept' },
    ]);
    const [member] = JSON.parse(await ls('--json'));
    expect(member).toMatchObject({ role: 'member', delivery_mode: 'mime_digests' });
    expect(member.member_id).toMatch(/^[0-9a-f]{32}$/);
    expect(member).not.toHaveProperty('moderation_action');
  });

  it('makes a member of a nonmember', async () => {
    await run('member', 'add', list, '--role', 'nonmember', 'n@example.org', 'other@example.org');
    await run('member', 'add', list, 'N@example.org');
    expect(await ls('--role', 'nonmember')).toBe('other@example.org\n');
    expect(await ls()).toBe('N@example.org\n');
  });

  it('does not make a list its own member, but knows it as a nonmember', async () => {
    expect((await run('member', 'add', list, list)).stderr).toBe(
      'belfry: argument 1: a list cannot be its own member\n',
    );
    expect((await run('member', 'add', list, '--role', 'nonmember', list)).status).toBe(0);
  });

  it('tells machines what came of it', async () => {
    const { status, stdout } = await run('member', 'add', list, 'a@example.org', 'x', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      list_id: list.replace('@', '.'),
      role: 'member',
      dry_run: false,
      added: 1,
      changed: 0,
      removed: 0,
      on_the_way: 0,
      already: 0,
      differing: 0,
      duplicates: [],
      invalid: [{ line: 2, text: 'x', reason: '"x" is not an e-mail address' }],
    });
  });

  it('says what it cannot do in one line', async () => {
    expect(await run('member', 'add', 'nobody@example.com', 'a@example.org')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'belfry: There is no list nobody@example.com\n',
    });
    const gone = await run('member', 'add', list, '--file', '/no/such/file');
    expect(gone.status).toBe(1);
    expect(gone.stderr).toMatch(/^belfry: The file \/no\/such\/file cannot be read: .*\n$/);
    const directory = await run('member', 'add', list, '--file', '/');
    expect(directory.status).toBe(1);
    expect(directory.stderr).toMatch(/^belfry: The file \/ cannot be read: .*\n$/);
    expect(await run('member', 'add', list, 'a@example.org', '--file', 'x')).toMatchObject({ status: 2 });
  });

  it('adds 5,000 and tells how far it is, and reads them back in pages', async () => {
    const addresses = Array.from({ length: 5000 }, (_, index) => `m${index}@example.org`);
    const { status, stdout, stderr } = await belfry.run(['member', 'add', list], addresses.join('\n'));
    expect(status).toBe(0);
    expect(stdout).toBe(`Added 5000 members to ${list}.\n`);
    expect(stderr.trim().split('\n')).toEqual(
      Array.from({ length: 5 }, (_, index) => `${index + 1}000 of 5000 done`),
    );
    const found = (await ls()).trim().split('\n');
    expect(found).toEqual(addresses.toSorted());
    expect(JSON.parse(await ls('--json'))).toHaveLength(5000);

    // `head` closes the pipe while the command line still has 90 KB for it, more than the pipe holds.
    const { stdout: first, stderr: complaint } = await promisify(execFile)(
      'sh',
      ['-c', '"$0" "$1" member ls "$2" | head -n 1', process.execPath, launcher, list],
      { cwd: belfry.directory },
    );
    expect(first).toBe('m0@example.org\n');
    expect(complaint).toBe('');
  }, 120_000);
});

describe('member set', () => {
  beforeEach(() => run('member', 'add', list, 'Anne <a@example.org>'));

  it('sets fields, shows them, and takes them away again', async () => {
    expect(
      await run('member', 'set', list, 'A@example.org', 'display_name=Anne Ant', 'moderation_action=hold'),
    ).toEqual({
      status: 0,
      stdout:
        'member             Anne Ant <a@example.org>\ndisplay_name       Anne Ant\nmoderation_action  hold\n',
      stderr: '',
    });
    await run('member', 'set', list, 'a@example.org', 'moderation_action=', 'display_name=');
    const [member] = JSON.parse(await ls('--json'));
    expect(member).not.toHaveProperty('moderation_action');
    expect(member.display_name).toBe('');
  });

  it.each([
    ['delivery_mode=pigeon', 'delivery_mode: "pigeon" is not one of regular, plaintext_digests'],
    ['hide_address=perhaps', 'hide_address: "perhaps" is neither yes nor no'],
    ['member_id=1', 'A member has no "member_id"; it has display_name,'],
  ])('refuses %s', async (assignment, sentence) => {
    const { status, stderr } = await run('member', 'set', list, 'a@example.org', assignment);
    expect(stderr).toContain(`belfry: ${sentence}`);
    expect(status).toBe(1);
  });

  it('says who is no member', async () => {
    expect(await run('member', 'set', list, 'b@example.org', 'hide_address=yes')).toEqual({
      status: 1,
      stdout: '',
      stderr: `belfry: b@example.org is no member of ${list}\n`,
    });
  });
});

describe('member remove', () => {
  it('takes off whom it finds, and reports the others', async () => {
    await run('member', 'add', list, 'a@example.org', 'b@example.org', 'c@example.org');
    expect(await run('member', 'remove', list, 'A@example.org', 'x@example.org', 'c')).toEqual({
      status: 1,
      stdout: `Removed 1 member from ${list}.\n`,
      stderr: `belfry: argument 2: x@example.org is no member of ${list}\nbelfry: argument 3: "c" is not an e-mail address\n`,
    });
    expect(await belfry.run(['member', 'remove', list], 'b@example.org\nc@example.org\n')).toEqual({
      status: 0,
      stdout: `Removed 2 members from ${list}.\n`,
      stderr: '',
    });
    expect(await run('member', 'ls', list)).toEqual({
      status: 0,
      stdout: '',
      stderr: `${list} has no members.\n`,
    });
  });

  it('takes off in one role alone', async () => {
    await run('member', 'add', list, 'a@example.org');
    await run('member', 'add', list, '--role', 'owner', 'a@example.org');
    await run('member', 'remove', list, '--role', 'owner', 'a@example.org');
    expect(await ls()).toBe('a@example.org\n');
    expect(await ls('--role', 'owner')).toBe('');
  });
});
