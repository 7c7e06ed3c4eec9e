import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { localFileSchema, writeLocalFile } from '../../infra/local/local-file.ts';
import { listenOnLoopback } from '../../infra/local/loopback.ts';

const main = resolve(import.meta.dirname, '../../infra/local/main.ts');

let dir = '';
const started: ChildProcess[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'belfry-start-'));
});

afterEach(() => {
  for (const { pid } of started.splice(0))
    if (pid !== undefined && groupLives(pid)) process.kill(-pid, 'SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

/** Whether any process of a group lives. */
const groupLives = (group: number): boolean => {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
};

/** `npm start` in a folder and a process group of its own. */
const start = (env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [main], {
    cwd: dir,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  let output = '';
  const said = (text: string): Promise<void> =>
    new Promise((done, failed) => {
      const hear = (part: Buffer): void => {
        output += part.toString();
        if (output.includes(text)) done();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('close', () => failed(new Error(`It ended without saying "${text}":\n${output}`)));
    });
  return { child, said, output: () => output };
};

test('a stack tells where it is, and stops without leaving a process or its file behind', async () => {
  const { child, said, output } = start({ BELFRY_LMTP: '127.0.0.1:0', BELFRY_WEB: '127.0.0.1:0' });
  // The last words of what it prints; "Belfry is ready" comes a line before what to try.
  await said('Ctrl-C ends it all');
  const file = join(dir, '.belfry', 'local.json');
  const local = localFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(local.pid).toBe(child.pid);
  expect(local.site).toMatchObject({ mailman: { site_owner: 'owner@example.com' } });
  expect(Object.keys(local.queueUrls).sort()).toEqual(
    ['bounces', 'command', 'dead', 'in', 'out', 'pipeline', 'retry'].sort(),
  );
  const page = await fetch(local.catcher ?? '', { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(output()).toContain(`The links in those mails lead to web pages at ${local.web}.`);
  expect((await fetch(local.web ?? '')).status).toBe(404);

  child.kill('SIGTERM');
  const [status] = await once(child, 'close');
  expect(status, output()).toBe(0);
  expect(existsSync(file)).toBe(false);
  expect(groupLives(child.pid ?? 0)).toBe(false);
}, 60_000);

test('a stack that is ended while it starts leaves no process behind', async () => {
  const { child, said } = start({ BELFRY_LMTP: '127.0.0.1:0', BELFRY_WEB: '127.0.0.1:0' });
  await said('synthesizing');
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  await vi.waitFor(() => expect(groupLives(child.pid ?? 0)).toBe(false), { timeout: 10_000 });
  expect(existsSync(join(dir, '.belfry', 'local.json'))).toBe(false);
});

test.each([
  ['smtp.example.com', /BELFRY_RELAY must be smtp:\/\/host:port, not "smtp\.example\.com"/],
  ['http://127.0.0.1:25', /BELFRY_RELAY must be smtp/],
])('the relay "%s" is refused in one line', async (relay, message) => {
  const { child, said, output } = start({
    BELFRY_LMTP: '127.0.0.1:0',
    BELFRY_WEB: '127.0.0.1:0',
    BELFRY_RELAY: relay,
  });
  const closed = once(child, 'close');
  await said('belfry: ');
  expect(await closed).toEqual([1, null]);
  expect(output()).toMatch(message);
  expect(output().trim().split('\n')).toHaveLength(1);
});

test('an address that others could reach is refused in one line', async () => {
  const { child, said, output } = start({ BELFRY_LMTP: '0.0.0.0:8024' });
  const closed = once(child, 'close');
  await said('belfry: ');
  expect(await closed).toEqual([1, null]);
  expect(output()).toBe(
    'belfry: BELFRY_LMTP: the local stack listens on the loopback only, not on "0.0.0.0"\n',
  );
});

test('a folder in which nothing can be made is told in one line', async () => {
  // Where the folder of the stack would be there is a file; a disk that is full or cannot be written gives the same.
  writeFileSync(join(dir, '.belfry'), '');
  const { child, said, output } = start({ BELFRY_LMTP: '127.0.0.1:0', BELFRY_WEB: '127.0.0.1:0' });
  const closed = once(child, 'close');
  await said('belfry: ');
  expect(await closed).toEqual([1, null]);
  expect(output()).toMatch(/^belfry: Belfry cannot write to .*\.belfry: .*\n$/);
});

test.each([
  ['BELFRY_LMTP', { BELFRY_WEB: '127.0.0.1:0' }],
  ['BELFRY_WEB', { BELFRY_LMTP: '127.0.0.1:0' }],
])('a port of %s that is taken is told in one line', async (variable, more) => {
  const other = createServer();
  const port = await listenOnLoopback(other);
  const { child, said, output } = start({ ...more, [variable]: `127.0.0.1:${port}` });
  const closed = once(child, 'close');
  await said('belfry: ');
  expect(await closed).toEqual([1, null]);
  expect(output()).toBe(
    `belfry: Belfry cannot listen on 127.0.0.1:${port}: the port is taken. ${variable}=127.0.0.1:PORT chooses another one.\n`,
  );
  other.close();
});

test.each([
  ['one more', {}, /A local stack runs here already \(process \d+\)/],
  ['a start with a wrong wish', { BELFRY_LMTP: 'nowhere' }, /BELFRY_LMTP must be host:port/],
])('%s is refused, and the stack that runs there is still found', async (_, env, message) => {
  const file = join(dir, '.belfry', 'local.json');
  const running = {
    // A process that lives for as long as this test.
    pid: process.pid,
    region: 'us-east-1',
    endpoints: { sqs: 'http://127.0.0.1:1', s3: 'http://127.0.0.1:1', dynamodb: 'http://127.0.0.1:1' },
    lmtp: '127.0.0.1:1',
    relay: 'smtp://127.0.0.1:1',
    catcher: null,
    queueUrls: {},
    table: 'Table',
    bucket: 'bucket',
    site: {},
  };
  writeLocalFile(file, running);
  const { child, said, output } = start({ BELFRY_LMTP: '127.0.0.1:0', BELFRY_WEB: '127.0.0.1:0', ...env });
  const closed = once(child, 'close');
  await said('belfry: ');
  expect(await closed).toEqual([1, null]);
  expect(output()).toMatch(message);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(running);
});
