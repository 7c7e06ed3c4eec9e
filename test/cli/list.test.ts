import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Belfry, runIn, startBelfry } from './belfry.ts';

let belfry: Belfry;
beforeAll(async () => {
  belfry = await startBelfry();
});
afterAll(() => belfry.close());

describe('list create', () => {
  it('makes a list, with owner and settings', async () => {
    expect(
      await belfry.run([
        'list',
        'create',
        'Ant@Example.com',
        '--owner',
        'Anne@example.com',
        '--set',
        'max_message_size=100',
        '--set',
        'post_id=12',
      ]),
    ).toEqual({ status: 0, stdout: 'Made the list ant@example.com.\n', stderr: '' });
    const { store } = belfry.emulators;
    expect(await store.lists.byId('ant.example.com')).toMatchObject({
      list_name: 'ant',
      settings: { max_message_size: 100, post_id: 12 },
    });
    expect(await store.members.get('ant.example.com', 'owner', 'anne@example.com')).toMatchObject({
      email: 'Anne@example.com',
      moderation_action: 'accept',
    });
  });

  it('refuses one that exists, a bad name, a bad setting and a bad owner, and makes nothing', async () => {
    await belfry.run(['list', 'create', 'twice@example.com']);
    const failures: readonly (readonly [readonly string[], string])[] = [
      [['twice@example.com'], 'There is a list with the id twice.example.com already'],
      [['twice'], '"twice" is not an e-mail address; a list is named like ant@example.com'],
      [['new@example.com', '--set', 'bogus=1'], 'There is no list setting "bogus"'],
      [['new@example.com', '--set', 'emergency=perhaps'], 'emergency: "perhaps" is neither yes nor no'],
      [['new@example.com', '--owner', 'anne'], 'The owner "anne" is not an e-mail address'],
      [
        ['new@example.com', '--style', 'fancy'],
        'There is no style "fancy"; there is legacy-default, legacy-announce, private-default, belfry-default',
      ],
    ];
    for (const [args, sentence] of failures) {
      expect(await belfry.run(['list', 'create', ...args])).toEqual({
        status: 1,
        stdout: '',
        stderr: `belfry: ${sentence}\n`,
      });
    }
    expect(await belfry.emulators.store.lists.byId('new.example.com')).toBeUndefined();
  });

  it('prints the list as JSON', async () => {
    const { stdout } = await belfry.run(['list', 'create', 'json@example.com', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      list_id: 'json.example.com',
      fqdn_listname: 'json@example.com',
      owner_address: 'json-owner@example.com',
      settings: { subject_prefix: '[Json] ' },
    });
  });
});

describe('list show and set', () => {
  beforeAll(async () => {
    await belfry.run(['list', 'create', 'bee@example.com']);
  });

  it('shows every setting, in words', async () => {
    const { status, stdout } = await belfry.run(['list', 'show', 'bee@example.com']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^list +bee@example\.com$/m);
    expect(stdout).toMatch(/^advertised +yes$/m);
    expect(stdout).toMatch(/^autoresponse_grace_period +90d$/m);
    expect(stdout).toMatch(/^moderator_password +-$/m);
    expect(stdout).toMatch(/^bounce_matching_headers +\n {2}to: friend@public\.com$/m);
  });

  it('knows a list by its list id and on an alias domain as well', async () => {
    await belfry.emulators.store.domains.put({ mail_host: 'example.com', alias_domain: 'old.example.com' });
    for (const name of ['bee.example.com', 'BEE@old.example.com']) {
      expect((await belfry.run(['list', 'show', name, 'display_name'])).stdout).toBe('display_name  Bee\n');
    }
  });

  it('sets settings and shows what they are now', async () => {
    expect(
      await belfry.run([
        'list',
        'set',
        'bee@example.com',
        'post_id=41',
        'advertised=off',
        'filter_types=image',
        'filter_types=video/mpeg',
        'bounce_info_stale_after=36h',
      ]),
    ).toEqual({
      status: 0,
      stdout: [
        'advertised               no',
        'bounce_info_stale_after  1d12h',
        'filter_types             image, video/mpeg',
        'post_id                  41\n',
      ].join('\n'),
      stderr: '',
    });
    const shown = await belfry.run(['list', 'show', 'bee@example.com', '--json']);
    expect(JSON.parse(shown.stdout).settings).toMatchObject({
      post_id: 41,
      advertised: false,
      filter_types: ['image', 'video/mpeg'],
      bounce_info_stale_after: 129_600,
    });
  });

  it('empties a list setting, and takes a JSON array', async () => {
    await belfry.run(['list', 'set', 'bee@example.com', 'pass_types=["text", "image/png"]']);
    expect((await belfry.run(['list', 'show', 'bee@example.com', 'pass_types'])).stdout).toBe(
      'pass_types  text, image/png\n',
    );
    await belfry.run(['list', 'set', 'bee@example.com', 'pass_types=']);
    expect((await belfry.run(['list', 'show', 'bee@example.com', 'pass_types'])).stdout).toBe(
      'pass_types  -\n',
    );
  });

  it('shows what was changed alone', async () => {
    await belfry.run(['list', 'create', 'plain@example.com', '--set', 'emergency=yes']);
    const { stdout } = await belfry.run(['list', 'show', 'plain@example.com', '--changed', '--json']);
    expect(JSON.parse(stdout).settings).toEqual({
      display_name: 'Plain',
      subject_prefix: '[Plain] ',
      emergency: true,
      // What npx belfry makes is as Mailman's, and the posts of authors whose domain is strict still arrive.
      dmarc_mitigate_action: 'munge_from',
    });
  });

  it('sets nothing when one of the values cannot be', async () => {
    expect(await belfry.run(['list', 'set', 'bee@example.com', 'emergency=yes', 'post_id=0'])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'belfry: post_id: 0 is less than 1\n',
    });
    expect((await belfry.run(['list', 'show', 'bee@example.com', 'emergency'])).stdout).toBe(
      'emergency  no\n',
    );
  });

  it('says that a list or a setting does not exist', async () => {
    expect(await belfry.run(['list', 'show', 'nobody@example.com'])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'belfry: There is no list nobody@example.com\n',
    });
    expect((await belfry.run(['list', 'set', 'nobody@example.com', 'post_id=1'])).stderr).toBe(
      'belfry: There is no list nobody@example.com\n',
    );
    expect((await belfry.run(['list', 'show', 'bee@example.com', 'bogus'])).stderr).toBe(
      'belfry: There is no list setting "bogus"\n',
    );
  });

  it('lets no escape sequence of a setting reach the terminal', async () => {
    await belfry.run(['list', 'set', 'bee@example.com', 'info=a\u001b[2Jb']);
    expect((await belfry.run(['list', 'show', 'bee@example.com', 'info'])).stdout).toBe(
      'info  a\ufffd[2Jb\n',
    );
  });
});

describe('list ls', () => {
  it('names the lists, also of one domain, and tells machines', async () => {
    await belfry.run(['list', 'create', 'cat@cats.example.net', '--set', 'description=About cats']);
    const all = await belfry.run(['list', 'ls']);
    expect(all.stdout).toContain('cat@cats.example.net  About cats\n');
    expect(all.stdout).toContain('bee@example.com\n');
    const some = await belfry.run(['list', 'ls', '--domain', 'cats.example.net', '--json']);
    expect(JSON.parse(some.stdout)).toEqual([
      {
        list_id: 'cat.cats.example.net',
        fqdn_listname: 'cat@cats.example.net',
        display_name: 'Cat',
        description: 'About cats',
      },
    ]);
  });

  it('tells people that there are none, and machines an empty array', async () => {
    expect(await belfry.run(['list', 'ls', '--domain', 'none.example.com'])).toEqual({
      status: 0,
      stdout: '',
      stderr: 'There are no lists.\n',
    });
    expect((await belfry.run(['list', 'ls', '--domain', 'none.example.com', '--json'])).stdout).toBe('[]\n');
  });

  it('finds the local stack from a directory below', async () => {
    const below = join(belfry.directory, 'a', 'b');
    await mkdir(below, { recursive: true });
    expect((await runIn(below, ['list', 'ls'])).stdout).toContain('bee@example.com\n');
  });
});

describe('list delete', () => {
  it('deletes a list and everybody on it, so that one of that name begins empty', async () => {
    await belfry.run([
      'list',
      'create',
      'dog@example.com',
      '--owner',
      'anne@example.com',
      '--set',
      'post_id=9',
    ]);
    await belfry.run(['member', 'add', 'dog@example.com', 'a@example.org', 'b@example.org']);
    expect(await belfry.run(['list', 'delete', 'dog@example.com'])).toEqual({
      status: 0,
      stdout: 'Deleted the list dog@example.com and its 3 memberships.\n',
      stderr: '',
    });
    expect((await belfry.run(['list', 'delete', 'dog@example.com'])).status).toBe(1);
    await belfry.run(['list', 'create', 'dog@example.com']);
    expect((await belfry.run(['member', 'ls', 'dog@example.com'])).stdout).toBe('');
    expect((await belfry.run(['list', 'show', 'dog@example.com', 'post_id'])).stdout).toBe('post_id  1\n');
  });
});
