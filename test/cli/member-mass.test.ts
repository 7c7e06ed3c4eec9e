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
const from = (lines: readonly string[], ...args: readonly string[]) => belfry.run(args, lines.join('\n'));
const ls = async () => (await run('member', 'ls', list)).stdout.trim().split('\n');

describe('member sync', () => {
  it('adds who is new, and removes who is not in the file', async () => {
    await run('member', 'add', list, 'a@example.org', 'b@example.org', 'c@example.org');
    expect(
      await from(['a@example.org', 'B@example.org', 'Dora <d@example.org>'], 'member', 'sync', list),
    ).toEqual({
      status: 0,
      stdout: `Added 1 member to ${list}. Removed 1 member. 2 had that role already.\n`,
      stderr: '',
    });
    expect(await ls()).toEqual(['a@example.org', 'b@example.org', 'Dora <d@example.org>']);
  });

  it('takes names over when it is asked to', async () => {
    await run('member', 'add', list, 'Anne <a@example.org>', 'b@example.org');
    const lines = ['Anne Ant <a@example.org>', 'b@example.org'];
    expect((await from(lines, 'member', 'sync', list)).stdout).toBe(
      `Added 0 members to ${list}. 2 had that role already. 1 of them differs from what is given; --update takes that over.\n`,
    );
    expect((await from(lines, 'member', 'sync', list, '--update')).stdout).toBe(
      `Added 0 members to ${list}. Changed 1. 2 had that role already.\n`,
    );
    expect(await ls()).toEqual(['Anne Ant <a@example.org>', 'b@example.org']);
  });

  it('does nothing when more than half would go, unless that is meant', async () => {
    await run('member', 'add', list, 'a@example.org', 'b@example.org', 'c@example.org');
    const lines = ['a@example.org', 'new@example.org'];
    expect(await from(lines, 'member', 'sync', list)).toEqual({
      status: 1,
      stdout: '',
      stderr: `belfry: This would remove 2 of 3 members of ${list}, and nothing was changed; look at it with --dry-run, and give --yes if it is meant\n`,
    });
    expect(await ls()).toEqual(['a@example.org', 'b@example.org', 'c@example.org']);
    expect((await from([], 'member', 'sync', list)).stderr).toContain('would remove 3 of 3');
    expect((await from(lines, 'member', 'sync', list, '--yes')).status).toBe(0);
    expect(await ls()).toEqual(['a@example.org', 'new@example.org']);
    // Half of them is not more than half.
    expect((await from(['a@example.org'], 'member', 'sync', list)).stdout).toContain('Removed 1 member.');
  });

  it('does what can be done of a file with faults, and tells of these', async () => {
    await run('member', 'add', list, 'a@example.org', 'b@example.org');
    const lines = ['a@example.org', 'nobody', 'c@example.org', 'A@example.org', 'b@example.org'];
    expect(await from(lines, 'member', 'sync', list)).toEqual({
      status: 1,
      stdout: `Added 1 member to ${list}. 2 had that role already. 1 stood there twice (line 4); the first line counts. 1 could not be added.\n`,
      stderr: 'belfry: line 2: "nobody" is not an e-mail address\n',
    });
  });
});

describe('--dry-run', () => {
  beforeEach(() => run('member', 'add', list, 'Anne <a@example.org>', 'b@example.org'));

  it('prints the difference and changes nothing', async () => {
    const lines = ['Anne Ant <a@example.org>', 'Cris <c@example.org>', 'd@example.org'];
    const options = ['--update', '--mode', 'mime_digests', '--dry-run'];
    expect((await from(lines, 'member', 'sync', list, ...options)).stdout).toBe(
      [
        '+ Cris <c@example.org>',
        '+ d@example.org',
        '~ Anne <a@example.org>  display_name: Anne -> Anne Ant, delivery_mode: - -> mime_digests',
        '- b@example.org',
        `Would add 2 members to ${list}. Would change 1. Would remove 1 member. 1 had that role already.`,
        '',
      ].join('\n'),
    );
    expect(await ls()).toEqual(['Anne <a@example.org>', 'b@example.org']);
  });

  it('shows the first ones, and all of them to machines', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `m${index}@example.org`);
    const shown = (await from(lines, 'member', 'add', list, '--dry-run')).stdout.split('\n');
    expect(shown).toHaveLength(20 + 3);
    expect(shown.slice(19, 22)).toEqual([
      '+ m19@example.org',
      '  and 10 more',
      `Would add 30 members to ${list}.`,
    ]);
    expect((await from(lines, 'member', 'add', list, '--dry-run', '--show', '0')).stdout).toBe(
      `  and 30 more\nWould add 30 members to ${list}.\n`,
    );
    const told = JSON.parse((await from(lines, 'member', 'add', list, '--dry-run', '--json')).stdout);
    expect(told).toMatchObject({ dry_run: true, added: 30, changed: 0, removed: 0 });
    expect(told.difference.added.map(({ email }: { email: string }) => email)).toEqual(lines);
    expect(await ls()).toHaveLength(2);
    expect((await run('member', 'add', list, 'x@example.org', '--dry-run', '--show', 'many')).status).toBe(2);
  });

  it('shows who would be removed', async () => {
    expect((await run('member', 'remove', list, 'A@example.org', '--dry-run')).stdout).toBe(
      `- Anne <a@example.org>\nWould remove 1 member from ${list}.\n`,
    );
    expect(await ls()).toHaveLength(2);
  });
});

describe('a long file', () => {
  it('is added, given again, and removed, and each can be given again', async () => {
    const lines = Array.from({ length: 2500 }, (_, index) => `m${index}@example.org`);
    const file = join(belfry.directory, 'long.txt');
    await writeFile(file, lines.join('\n'));
    await run('member', 'add', list, 'm7@example.org', 'm8@example.org');
    expect((await run('member', 'add', list, '--file', file)).stdout).toBe(
      `Added 2498 members to ${list}. 2 had that role already.\n`,
    );
    expect(await run('member', 'add', list, '--file', file)).toEqual({
      status: 0,
      stdout: `Added 0 members to ${list}. 2500 had that role already.\n`,
      stderr: '',
    });
    const removed = await run('member', 'remove', list, '--file', file);
    expect(removed.stdout).toBe(`Removed 2500 members from ${list}.\n`);
    expect(removed.stderr).toBe('1000 of 2500 done\n2000 of 2500 done\n');
    // A hundred thousand lines that each tell the same would hide what else is wrong.
    const again = await run('member', 'remove', list, '--file', file);
    expect(again.stderr).toBe(`belfry: 2500 are no members of ${list}; --json names them\n`);
    expect(again.status).toBe(1);
  }, 120_000);
});

describe('members who are written to', () => {
  beforeEach(() => belfry.emulators.receive('command'));

  it('are added by the workflow, which greets them', async () => {
    await run('member', 'add', list, 'b@example.org');
    const lines = ['Anne <a@example.org>', 'b@example.org'];
    const added = await from(lines, 'member', 'add', list, '--welcome', '--mode', 'mime_digests');
    expect(added.stdout).toContain(
      `Added 0 members to ${list}. 1 is on the way, with a mail to each. 1 had that role already.`,
    );
    expect(await ls()).toEqual(['b@example.org']);
    expect(await belfry.emulators.receive('command')).toMatchObject([
      {
        type: 'subscription',
        listid: list.replace('@', '.'),
        deed: 'join',
        email: 'a@example.org',
        display_name: 'Anne',
        delivery_mode: 'mime_digests',
        pre_verified: true,
        pre_confirmed: true,
        pre_approved: true,
        send_welcome: true,
      },
    ]);
  });

  it('are removed by the workflow, which writes to them', async () => {
    await run('member', 'add', list, 'a@example.org', 'b@example.org');
    expect((await run('member', 'remove', list, 'a@example.org', '--goodbye')).stdout).toBe(
      `Removed 0 members from ${list}. 1 is on the way, with a mail to each.\n`,
    );
    await from(['a@example.org', 'c@example.org'], 'member', 'sync', list, '--goodbye');
    expect(await ls()).toEqual(['a@example.org', 'b@example.org', 'c@example.org']);
    expect(await belfry.emulators.receive('command')).toMatchObject([
      { deed: 'leave', email: 'a@example.org', pre_confirmed: true, pre_approved: true },
      { deed: 'leave', email: 'b@example.org', pre_confirmed: true, pre_approved: true },
    ]);
  });

  it('are only members, and nobody unless it is asked for', async () => {
    await run('member', 'add', list, '--role', 'owner', 'o@example.org', '--welcome');
    await run('member', 'add', list, 'a@example.org');
    await run('member', 'remove', list, 'a@example.org');
    await run('member', 'add', list, 'x@example.org', '--welcome', '--dry-run');
    expect(await belfry.emulators.receive('command')).toEqual([]);
    expect((await run('member', 'add', list, 'x@example.org', '--welcome', '--action', 'hold')).status).toBe(
      2,
    );
  });
});
