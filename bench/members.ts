import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../infra/aws/site-file.ts';
import { writeLocalFile } from '../infra/local/local-file.ts';
import { region } from '../infra/local/names.ts';
import { systemClock } from '../lib/clock/clock.ts';
import { createList } from '../lib/lists/create.ts';
import { assembled, type Stack, startStack } from '../test/harness/stack.ts';
import { runChild } from './load/child.ts';
import type { PutOrder } from './load/raw-puts.ts';
import { best, runs } from './measure/best-of.ts';
import { keepResults, progress, showTargets } from './report/results.ts';
import { digits, table } from './report/table.ts';

const count = 10_000;
const wantedSeconds = 30;
const run = promisify(execFile);

/** Seconds of one run: of the command line, and of bare requests. */
interface Measured {
  readonly belfry: number;
  readonly bare: number;
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const measure = async (stack: Stack, workDir: string, number: number): Promise<Measured> => {
  const list = await createList(`run${number}@example.com`, {
    store: stack.store,
    site: stack.site,
    clock: systemClock,
  });
  const file = join(workDir, 'members.txt');
  const lines = Array.from(
    { length: count },
    (_, index) => `Member ${index} <m${index}@example${index % 50}.org>`,
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  const address = `${list.list_name}@${list.mail_host}`;
  const command = [join(checkout, 'bin/belfry.mjs'), 'member', 'add', address, '--file', file, '--local'];
  const belfry = await timed(() => run(process.execPath, command, { cwd: workDir }));
  const order: PutOrder = { endpoint: stack.endpoints.dynamodb, region, table: stack.made.table, count };
  const bare = await timed(() => runChild('raw-puts.ts', order));
  let members = 0;
  for await (const page of stack.store.members.pages(list.list_id, 'member')) members += page.length;
  if (members !== count) throw new Error(`The list has ${members} members, not ${count}`);
  progress(`run ${number}: command line ${digits(belfry, 1)} s, bare PutItem ${digits(bare, 1)} s`);
  return { belfry, bare };
};

/** The bench `members`: a long file of addresses through the command line. */
export const benchMembers = async (): Promise<void> => {
  progress('synthesizing the template and starting the stack');
  const workDir = mkdtempSync(join(tmpdir(), 'belfry-bench-'));
  const stack = await startStack({ assembly: await assembled(), lmtp: false });
  const all: Measured[] = [];
  try {
    // The command line finds a local stack by this file, in the folder that it is called in.
    writeLocalFile(join(workDir, '.belfry', 'local.json'), {
      pid: process.pid,
      region,
      endpoints: stack.endpoints,
      lmtp: '',
      relay: '',
      catcher: null,
      ...stack.made,
      site: {},
    });
    for (let number = 1; number <= runs; number += 1) all.push(await measure(stack, workDir, number));
  } finally {
    await stack.stop();
    rmSync(workDir, { recursive: true, force: true });
  }
  const { belfry, bare } = best(all, (one) => one.belfry, 'least');
  const row = (who: string, seconds: number): string[] => [
    who,
    digits(seconds, 1),
    digits(count / seconds, 0),
    `${digits(seconds / bare, 1)}`,
  ];
  console.log(
    `\n${count} members are added, best of ${runs} runs; both times hold the start of the process\n`,
  );
  console.log(
    table(
      ['how', 'seconds', 'members/s', 'times bare'],
      [row('npx belfry member add --file', belfry), row('bare PutItem, 32 at once', bare)],
    ),
  );
  showTargets([
    {
      what: '10,000 members by the command line',
      wanted: `under ${wantedSeconds} s`,
      measured: `${digits(belfry, 1)} s`,
      met: belfry < wantedSeconds,
    },
  ]);
  keepResults('members', { count, all });
};
