import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runIn } from '../cli/belfry.ts';
import type { CrashPoint } from '../crash/crash-plan.ts';
import { type House, openHouse } from '../harness/house.ts';

// `npx belfry member add --welcome` and `member remove --goodbye` as they reach people: each is written to once, also when the command is given twice, or ends in the
// middle and is given again.

let house: House;
const folder = mkdtempSync(join(tmpdir(), 'belfry-mass-mail-'));
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  expect(house.stack.problems).toEqual([]);
});

const everybody = Array.from({ length: 100 }, (_, n) => `person${n}@example.org`);
let lists = 0;
let seen = 0;

const run = (...args: readonly string[]) => runIn(house.directory, args, everybody.join('\n'));

const newList = async (): Promise<string> => {
  lists += 1;
  const list = `ant${lists}@example.com`;
  expect((await run('list', 'create', list)).status).toBe(0);
  return list;
};

/** Whom the mails with a subject went to since this was asked last; there are no others. */
const told = async (subject: string): Promise<readonly string[]> => {
  // Where a notice was put on its queue twice, and both messages were taken at the same moment, one of them waits until the lease of the other ends, 210 s at most.
  await house.stack.idle(300_000);
  const news = house.relay.received.slice(seen);
  seen += news.length;
  for (const { message } of news) expect(message.toString()).toContain(`\r\nSubject: ${subject}`);
  return news.flatMap(({ recipients }) => recipients).toSorted();
};

const members = async (list: string): Promise<readonly string[]> =>
  (await run('member', 'ls', list)).stdout.split('\n').filter((line) => line !== '');

const everyone = everybody.toSorted();
const welcome = 'Welcome to the mailing list';
const goodbye = 'You have left';

/** Runs a command that writes down its calls to AWS, and ends it as the plan says; gives the status and the calls. */
const runWatched = async (at: CrashPoint | undefined, ...args: readonly string[]) => {
  const name = `run-${Math.random()}`;
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ run: name, at }));
  const hook = pathToFileURL(join(import.meta.dirname, '../crash/call-hook.ts')).href;
  const { status } = await runIn(house.directory, args, everybody.join('\n'), {
    env: { NODE_OPTIONS: `--import ${hook}`, BELFRY_CALLS: folder },
  });
  const calls = readFileSync(join(folder, `calls-${name}.log`), 'utf8').split('\n');
  return { status, calls: calls.map((line) => line.split('\t')) };
};

/** The number of the call in the middle of those that put wishes on the queue. */
const middleOf = (calls: readonly (readonly string[])[]): number => {
  const sends = calls.filter(
    ([, , label, answered]) => label?.startsWith('sqs Send') && answered === undefined,
  );
  expect(sends.length).toBeGreaterThanOrEqual(5);
  return Number(sends[Math.floor(sends.length / 2)]?.[1]);
};

test('everybody who is added is greeted once, and bidden farewell once, however often the command is given', async () => {
  const list = await newList();
  const added = await run('member', 'add', list, '--welcome');
  expect(added).toMatchObject({ status: 0, stderr: '' });
  expect(added.stdout).toContain('100 are on the way');
  expect(await told(welcome)).toEqual(everyone);
  expect(await members(list)).toHaveLength(100);
  expect((await run('member', 'add', list, '--welcome')).stdout).toContain('100 had that role already');
  expect(await told(welcome)).toEqual([]);

  expect((await run('member', 'remove', list, '--goodbye')).stdout).toContain('100 are on the way');
  expect(await told(goodbye)).toEqual(everyone);
  expect(await members(list)).toEqual([]);
  // Who is no member is told to who gives the command, and to nobody else.
  expect((await run('member', 'remove', list, '--goodbye')).status).toBe(1);
  expect(await told(goodbye)).toEqual([]);
});

test('two who give the same command at the same moment write to nobody twice', async () => {
  const list = await newList();
  await Promise.all([run('member', 'add', list, '--welcome'), run('member', 'add', list, '--welcome')]);
  expect(await told(welcome)).toEqual(everyone);
  await Promise.all([run('member', 'remove', list, '--goodbye'), run('member', 'remove', list, '--goodbye')]);
  expect(await told(goodbye)).toEqual(everyone);
  expect(await members(list)).toEqual([]);
});

test.each([
  ['add', '--welcome', welcome, 100],
  ['remove', '--goodbye', goodbye, 0],
] as const)(
  'member %s %s that ends in the middle goes on when it is given again',
  async (verb, flag, subject, left) => {
    const [calm, list] = [await newList(), await newList()];
    if (verb === 'remove') for (const one of [calm, list]) await run('member', 'add', one);
    const { status, calls } = await runWatched(undefined, 'member', verb, calm, flag);
    expect(status).toBe(0);
    expect(await told(subject)).toEqual(everyone);

    const at = { process: 'gateway', call: middleOf(calls), when: 'after' } as const;
    expect((await runWatched(at, 'member', verb, list, flag)).status).toBe(9);
    const first = await told(subject);
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(100);
    expect((await run('member', verb, list, flag)).status).toBe(verb === 'remove' ? 1 : 0);
    expect([...first, ...(await told(subject))].toSorted()).toEqual(everyone);
    expect(await members(list)).toHaveLength(left);
  },
);
