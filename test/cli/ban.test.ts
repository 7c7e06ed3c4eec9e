import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Belfry, startBelfry } from './belfry.ts';

let belfry: Belfry;
beforeAll(async () => {
  belfry = await startBelfry();
  await belfry.run(['list', 'create', 'ant@example.com']);
});
afterAll(() => belfry.close());

const ban = (...args: readonly string[]) => belfry.run(['ban', ...args]);

it('bans addresses and patterns from a list, and names them', async () => {
  expect(await ban('add', 'ant@example.com', 'Mallory@Example.net', '^.*@spam\\.example$')).toEqual({
    status: 0,
    stdout:
      'Banned mallory@example.net from ant@example.com.\nBanned ^.*@spam\\.example$ from ant@example.com.\n',
    stderr: '',
  });
  expect((await ban('ls', 'ant@example.com')).stdout).toBe('^.*@spam\\.example$\nmallory@example.net\n');
  expect(JSON.parse((await ban('ls', 'ant.example.com', '--json')).stdout)).toEqual([
    '^.*@spam\\.example$',
    'mallory@example.net',
  ]);
});

it('bans from all lists, apart from those of a list', async () => {
  expect((await ban('add', '--site', 'eve@example.net')).stdout).toBe(
    'Banned eve@example.net from all lists.\n',
  );
  expect((await ban('ls', '--site')).stdout).toBe('eve@example.net\n');
  expect((await ban('ls', 'ant@example.com')).stdout).not.toContain('eve');
  const removed = await ban('remove', '--site', 'EVE@example.net', '--json');
  expect(JSON.parse(removed.stdout)).toEqual({ list_id: null, removed: ['eve@example.net'] });
  expect(await ban('ls', '--site')).toEqual({
    status: 0,
    stdout: '',
    stderr: 'Nobody is banned from all lists.\n',
  });
});

it('says what is so already, and does the rest', async () => {
  await ban('add', 'ant@example.com', 'twice@example.net');
  expect(await ban('add', 'ant@example.com', 'twice@example.net', 'new@example.net')).toEqual({
    status: 1,
    stdout: 'Banned new@example.net from ant@example.com.\n',
    stderr: 'belfry: twice@example.net is banned already from ant@example.com\n',
  });
  expect((await ban('remove', 'ant@example.com', 'nobody@example.net')).stderr).toBe(
    'belfry: nobody@example.net is not banned from ant@example.com\n',
  );
});

it.each([
  [
    ['add', 'ant@example.com', 'mallory'],
    1,
    '"mallory" is neither an e-mail address nor a regular expression with ^',
  ],
  [['add', 'ant@example.com', '^(?=x)'], 1, 'looks around or back'],
  [['add', 'ant@example.com'], 2, 'ADDRESS is missing'],
  [['ls'], 2, 'LIST is missing; or give --site'],
  [['ls', 'ant@example.com', 'more'], 2, '"more" is one argument too many'],
  [['add', 'none@example.com', 'a@example.org'], 1, 'There is no list none@example.com'],
])('refuses %j', async (args, status, sentence) => {
  const ran = await ban(...args);
  expect(ran.status).toBe(status);
  expect(ran.stderr).toContain(sentence);
});
