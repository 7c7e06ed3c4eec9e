import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Belfry, startBelfry } from './belfry.ts';

let belfry: Belfry;
const list = 'ant@example.com';

const run = (...args: readonly string[]) => belfry.run(args);

const scored = {
  bounce_score: 2,
  bouncing_since: '2026-11-19T08:00:00.000Z',
  last_bounce_received: '2026-11-20T08:00:00.000Z',
  bounce_why: 'mailbox-full 5.2.2',
};

const disabled = {
  ...scored,
  bounce_score: 5,
  bounce_why: 'user-unknown 5.1.1',
  delivery_status: 'by_bounces',
  total_warnings_sent: 1,
  last_warning_sent: '2026-11-20T09:00:00.000Z',
};

/** Changes a member as the bounce runner does. */
const bounced = async (email: string, changes: Readonly<Record<string, unknown>>): Promise<void> => {
  const { members, bounces } = belfry.emulators.store;
  const member = await members.get('ant.example.com', 'member', email);
  if (member === undefined) throw new Error(`${email} is no member`);
  await bounces.change(member, changes);
  await bounces.point(member.list_id, email, new Date(Date.now() + 86_400_000));
};

beforeAll(async () => {
  belfry = await startBelfry();
  await run('list', 'create', list);
  await run('list', 'create', 'bee@example.com');
  await run('member', 'add', list, 'a@example.org', 'b@example.org', 'c@example.org');
  await bounced('a@example.org', scored);
  await bounced('b@example.org', disabled);
});
afterAll(() => belfry.close());

describe('belfry bounce ls', () => {
  it('names those whose mail comes back: since when, and why', async () => {
    expect(await run('bounce', 'ls', list)).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'a@example.org  score 2  since 2026-11-19  mailbox-full 5.2.2',
        'b@example.org  disabled, 1 warning  since 2026-11-19  user-unknown 5.1.1',
        '',
      ].join('\n'),
    });
  });

  it('tells it to machines', async () => {
    const { status, stdout } = await run('bounce', 'ls', list, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        email: 'a@example.org',
        bounce_score: 2,
        bouncing_since: '2026-11-19T08:00:00.000Z',
        last_bounce_received: '2026-11-20T08:00:00.000Z',
        why: 'mailbox-full 5.2.2',
        disabled: false,
        total_warnings_sent: 0,
        last_warning_sent: null,
      },
      {
        email: 'b@example.org',
        bounce_score: 5,
        disabled: true,
        total_warnings_sent: 1,
        last_warning_sent: '2026-11-20T09:00:00.000Z',
      },
    ]);
  });

  it('says so when there are none', async () => {
    expect(await run('bounce', 'ls', 'bee@example.com')).toEqual({
      status: 0,
      stderr: 'No mail of bee@example.com comes back.\n',
      stdout: '',
    });
    expect(JSON.parse((await run('bounce', 'ls', 'bee@example.com', '--json')).stdout)).toEqual([]);
  });

  it('leaves out who was enabled again', async () => {
    await run('member', 'add', list, 'd@example.org');
    await bounced('d@example.org', disabled);
    await run('member', 'set', list, 'd@example.org', 'delivery_status=enabled');
    expect((await run('bounce', 'ls', list)).stdout).not.toContain('d@example.org');
  });

  it.each([
    ['a list that is not there', ['no@example.com'], 1, 'no@example.com'],
    ['what is no list', ['ant'], 1, 'ant'],
    ['nothing', [], 2, 'LIST'],
    ['two lists', [list, 'bee@example.com'], 2, ''],
  ])('does not know %s', async (_, args, status, said) => {
    const ran = await run('bounce', 'ls', ...args);
    expect(ran).toMatchObject({ status, stdout: '' });
    expect(ran.stderr).toContain(said);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
  });
});

describe('belfry member show', () => {
  it('shows what the bounces of a member came to', async () => {
    const { status, stdout } = await run('member', 'show', 'b@example.org', '--list', list);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^bounce_score +5$/m);
    expect(stdout).toMatch(/^bouncing_since +2026-11-19T08:00:00\.000Z$/m);
    expect(stdout).toMatch(/^bounce_why +user-unknown 5\.1\.1$/m);
    expect(stdout).toMatch(/^last_bounce_received +2026-11-20T08:00:00\.000Z$/m);
    expect(stdout).toMatch(/^total_warnings_sent +1$/m);
    expect(stdout).toMatch(/^last_warning_sent +2026-11-20T09:00:00\.000Z$/m);
    expect(stdout).toMatch(/^delivery_status +by_bounces \(member\)$/m);
  });

  it('and to machines', async () => {
    const { stdout } = await run('member', 'show', 'b@example.org', '--list', list, '--json');
    expect(JSON.parse(stdout)).toMatchObject([disabled]);
  });

  it('and nothing of bounces when none ever came', async () => {
    const { stdout } = await run('member', 'show', 'c@example.org', '--list', list);
    expect(stdout).not.toMatch(/bounc|warning/);
  });
});
