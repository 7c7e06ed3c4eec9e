import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nouns } from '../../bin/cli/nouns.ts';
import { emptyDirectory, runIn } from './belfry.ts';

let directory: string;
beforeAll(async () => {
  directory = await emptyDirectory();
});
afterAll(() => rm(directory, { recursive: true }));

const run = (...args: readonly string[]) => runIn(directory, args);

describe('help', () => {
  it('is given on everything', async () => {
    const { status, stdout, stderr } = await run('--help');
    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const noun of Object.keys(nouns)) expect(stdout).toMatch(new RegExp(`^  ${noun} `, 'm'));
    expect(stdout).toContain('--json');
  });

  it.each(Object.entries(nouns))('is given on %s, with examples', async (word, { verbs }) => {
    const { status, stdout } = await run(word, '--help');
    expect(status).toBe(0);
    for (const verb of Object.keys(verbs)) expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
    expect(stdout).toContain(`npx belfry ${word}`);
  });

  it.each(
    Object.entries(nouns).flatMap(([noun, { verbs }]) =>
      Object.keys(verbs).map((verb) => [noun, verb] as const),
    ),
  )('is given on %s %s, with examples', async (noun, verb) => {
    const { status, stdout } = await run(noun, verb, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: npx belfry ${noun} ${verb}`);
    expect(stdout).toContain('Options:');
    expect(stdout).toContain(`Examples:\n  # `);
  });

  it('is given even when the rest is wrong', async () => {
    expect(await run('list', 'create', '--bogus', '--help')).toMatchObject({ status: 0, stderr: '' });
  });

  it('is given by the word help as well', async () => {
    expect((await run('help', 'list', 'set')).stdout).toContain(
      'Usage: npx belfry list set LIST NAME=VALUE...',
    );
  });
});

describe('a command that is not understood', () => {
  it.each<[string, readonly string[], string]>([
    ['no noun', [], 'A noun is missing; there is list, member, queue'],
    ['an unknown noun', ['lists'], 'There is no noun "lists"; there is list, member'],
    [
      'no verb',
      ['list'],
      'A verb is missing; list has create, show, ls, set, delete; see npx belfry list --help',
    ],
    ['an unknown verb', ['list', 'make'], 'There is no verb "make"; list has create'],
    [
      'an unknown option',
      ['list', 'ls', '--bogus'],
      "Unknown option '--bogus'; see npx belfry list ls --help",
    ],
    ['an option without its value', ['list', 'ls', '--domain'], "Option '--domain <value>' argument missing"],
    ['a missing argument', ['list', 'create'], 'LIST is missing; see npx belfry list create --help'],
    ['an argument too many', ['list', 'create', 'a@example.com', 'b'], '"b" is one argument too many'],
    ['no settings', ['list', 'set', 'a@example.com'], 'NAME=VALUE is missing'],
    [
      'a setting without =',
      ['list', 'set', 'a@example.com', 'post_id'],
      '"post_id" does not have the form name=value',
    ],
    [
      'an unknown role',
      ['member', 'ls', 'a@example.com', '--role', 'king'],
      '"king" is not a role; there is member',
    ],
    [
      'an unknown mode',
      ['member', 'add', 'a@example.com', '--mode', 'x'],
      '"x" is not a delivery mode; there is',
    ],
    ['two places', ['list', 'ls', '--local', '--stack', 'A'], '--local and --stack exclude each other'],
    [
      'an unknown queue',
      ['inject', 'a@example.com', '--queue', 'x'],
      '"x" is not a queue for this; there is in,',
    ],
  ])('%s: one line that tells it, and status 2', async (_, args, sentence) => {
    const { status, stdout, stderr } = await run(...args);
    expect(stderr).toMatch(/^belfry: .*\n$/);
    expect(stderr).toContain(`belfry: ${sentence}`);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('where nothing runs', () => {
  it('--local says how to start it', async () => {
    expect(await run('list', 'ls', '--local')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'belfry: No local stack runs here; start one with npm start\n',
    });
  });

  it('without a region AWS is not asked', async () => {
    expect(await run('list', 'ls')).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'belfry: There is no AWS region to look in: set AWS_REGION, or start a local stack (npm start)\n',
    });
  });

  it('without credentials AWS is not asked', async () => {
    const { status, stderr } = await runIn(directory, ['list', 'ls'], '', {
      env: { AWS_REGION: 'eu-west-1' },
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^belfry: AWS did not get credentials that it takes .*\n$/);
  });

  it('a local stack that died is told of, and AWS is not meant', async () => {
    const dead = join(directory, 'dead');
    await mkdir(join(dead, '.belfry'), { recursive: true });
    const endpoints = { sqs: 'http://127.0.0.1:1', s3: 'http://127.0.0.1:1', dynamodb: 'http://127.0.0.1:1' };
    const local = { endpoints, queueUrls: {}, table: 't', bucket: 'b' };
    const file = join(dead, '.belfry', 'local.json');
    // No process has so high a number (the kernel's own limit is 2^22).
    await writeFile(file, JSON.stringify({ pid: 2 ** 30, ...local }));
    expect(await runIn(dead, ['list', 'ls'])).toMatchObject({
      status: 1,
      stderr: `belfry: The local stack of ${file} does not run any more; start it with npm start, or name one in AWS with --stack\n`,
    });

    await writeFile(file, JSON.stringify({ pid: process.pid, ...local }));
    expect(await runIn(dead, ['list', 'ls'])).toMatchObject({
      status: 1,
      stderr: 'belfry: Nothing answers where the local stack was; start it with npm start\n',
    });

    await writeFile(file, '{');
    const broken = await runIn(dead, ['list', 'ls']);
    expect(broken.stderr).toMatch(/^belfry: .*local\.json cannot be read: .*\n$/);
    expect(broken.status).toBe(1);
  });
});

it('runs under whichever Node is on the path', async () => {
  const { status, stdout } = await runIn(directory, ['--version'], '', { node: 'node' });
  expect(stdout).toMatch(/^belfry \d+\.\d+\.\d+\n$/);
  expect(status).toBe(0);
});
