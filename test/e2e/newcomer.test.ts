import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkout } from '../../infra/aws/site-file.ts';
import { localFileSchema } from '../../infra/local/local-file.ts';
import { need } from './needs.ts';

// Somebody who has never seen Belfry clones it, runs the two commands of the README, and pastes what `npm start` proposes.

const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'belfry-newcomer-'));
const clone = join(folder, 'belfry');

/** The environment of a shell in which nothing of this checkout or of the npm that runs this test is known. */
const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE)/.test(name))),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
    .join(delimiter),
  // Any free port: the one that is proposed may be in use on this machine.
  BELFRY_LMTP: '127.0.0.1:0',
  BELFRY_WEB: '127.0.0.1:0',
  // Git asks about checkouts of other users, and this one may be another's.
  GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'),
};

const inClone = (file: string, ...args: readonly string[]) =>
  run(file, args, { cwd: clone, env: environment, maxBuffer: 1e8 });

let start: ChildProcess;
let printed = '';

beforeAll(async () => {
  need('swaks');
  writeFileSync(join(folder, 'gitconfig'), '[safe]\n\tdirectory = *\n');
  await run(need('git'), ['clone', '--quiet', checkout, clone], { env: environment });
  await inClone('npm', 'ci');
  // In a process group of its own, as in a terminal, so that Ctrl-C can be sent to all of it.
  start = spawn('npm', ['start'], {
    cwd: clone,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const hear = (part: Buffer): void => {
    printed += part.toString();
    if (printed.includes('Ctrl-C ends it all')) resolve();
  };
  start.stdout?.on('data', hear);
  start.stderr?.on('data', hear);
  start.once('close', () => reject(new Error(`npm start ended:\n${printed}`)));
  await ready;
}, 600_000);

const interrupt = async (): Promise<void> => {
  if (start === undefined || start.exitCode !== null || start.signalCode !== null) return;
  const closed = once(start, 'close');
  process.kill(-(start.pid ?? 0), 'SIGINT');
  await closed;
};

afterAll(async () => {
  await interrupt();
  rmSync(folder, { recursive: true });
});

const local = () =>
  localFileSchema.parse(JSON.parse(readFileSync(join(clone, '.belfry/local.json'), 'utf8')));

const caughtSchema = z.array(
  z.object({
    subject: z.string(),
    envelope: z.object({
      from: z.object({ address: z.string() }),
      to: z.array(z.object({ address: z.string() })),
    }),
  }),
);

/** The mails with a Subject that the mail catcher has; waits until there are so many. */
const caught = async (subject: string, count: number) => {
  for (const until = performance.now() + 30_000; ; await delay(100)) {
    const answer = await fetch(new URL('api/email', local().catcher ?? ''));
    const found = caughtSchema.parse(await answer.json()).filter((mail) => mail.subject === subject);
    if (found.length >= count || performance.now() > until) {
      return found.map(({ envelope: { from, to } }) => ({
        from: from.address,
        to: to.map(({ address }) => address).sort(),
      }));
    }
  }
};

/** What swaks was answered to one of its commands, in order. */
const repliesTo = (transcript: string, command: RegExp): readonly string[] => {
  const lines = transcript.split('\n');
  return lines.flatMap((line, at) =>
    command.test(line) ? [lines.slice(at + 1).find((next) => /^<(-|\*\*) /.test(next)) ?? ''] : [],
  );
};

describe('a newcomer', () => {
  it('pastes the proposed swaks command, and sees the post arrive at every member', async () => {
    const command = printed.split('\n').find((line) => line.trim().startsWith('swaks '));
    expect(command).toBeDefined();
    await inClone('sh', '-c', command ?? 'false');
    expect(await caught('Hello', 1)).toEqual([
      {
        from: 'demo-bounces@example.com',
        to: ['anne@example.org', 'bart@example.org', 'cris@example.org'],
      },
    ]);
  });

  it('makes a list with three members, and posts to it, its owners and nobody', async () => {
    const members = ['a@example.org', 'b@example.org', 'c@example.org'];
    await inClone('npx', 'belfry', 'list', 'create', 'ant@example.com');
    await inClone('npx', 'belfry', 'member', 'add', 'ant@example.com', ...members);
    const to = 'ant@example.com,ant-owner@example.com,nobody@example.com';
    const args = ['--protocol', 'LMTP', '--server', local().lmtp, '--from', 'a@example.org', '--to', to];
    const { stdout } = await inClone('swaks', ...args, '--header', 'Subject: Three');
    expect(repliesTo(stdout, /RCPT TO/).map((reply) => reply.slice(4, 13))).toEqual([
      '250 2.1.5',
      '250 2.1.5',
      '550 5.1.1',
    ]);
    const ends = stdout.split('\n').filter((line) => line.includes(' accepted as '));
    expect(ends).toHaveLength(2);
    const post = { from: 'ant-bounces@example.com', to: members };
    // A list without owners has the site owner in their place; owner mail has VERP senders.
    const ownerMail = { from: 'ant-bounces+owner=example.com@example.com', to: ['owner@example.com'] };
    const found = await caught('Three', 2);
    expect(found).toHaveLength(2);
    expect(found).toContainEqual(post);
    expect(found).toContainEqual(ownerMail);
  });

  it('ends it all by Ctrl-C', async () => {
    await interrupt();
    expect(start.exitCode).toBe(0);
    expect(existsSync(join(clone, '.belfry/local.json'))).toBe(false);
  });
});
