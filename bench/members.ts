import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkout } from '../infra/aws/site-file.ts';
import { writeLocalFile } from '../infra/local/local-file.ts';
import { region } from '../infra/local/names.ts';
import { systemClock } from '../lib/clock/clock.ts';
import { readSite } from '../lib/config/site.ts';
import { createList } from '../lib/lists/create.ts';
import { openStore } from '../lib/store/dynamo-store.ts';
import type { Store } from '../lib/store/store.ts';
import { type Emulators, startEmulators } from '../test/harness/emulators.ts';
import { runChild } from './load/child.ts';
import type { PutOrder } from './load/raw-puts.ts';
import { best, runs } from './measure/best-of.ts';
import { type AwsMeter, startMeter, type Used } from './price/aws-meter.ts';
import { prices } from './price/prices.ts';
import { keepResults, progress, showTargets } from './report/results.ts';
import { digits, table } from './report/table.ts';

// Several runs of a size that ten seconds do, and one of the size that the targets name; `BENCH_SIZES` chooses among them.
const small = 10_000;
const large = 100_000;
const wantedSeconds: Readonly<Record<number, number>> = { [small]: 30, [large]: 300 };
const sizes = (process.env.BENCH_SIZES ?? `${small},${large}`).split(',').map(Number);
/** What is counted is the same for each member, so that a few tell it. */
const metered = 2000;

const run = promisify(execFile);
/** JSON that names a hundred thousand lines. */
const maxBuffer = 256 * 1024 * 1024;

/** A workplace: emulators, the command line beside them, and how it is called. */
interface Place {
  readonly emulators: Emulators;
  readonly workDir: string;
  readonly belfry: (...args: readonly string[]) => Promise<unknown>;
}

/** Seconds of one size. */
interface Measured {
  readonly count: number;
  /** The command line adds them all. */
  readonly added: number;
  /** Bare PutItem requests. */
  readonly bare: number;
  /** The same file is given again. */
  readonly again: number;
}

/** What was consumed for one member, or in all. */
interface Consumed {
  readonly what: string;
  readonly used: Used;
  readonly members: number;
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

const openPlace = (emulators: Emulators, dynamodb: string, workDir: string): Place => {
  // The command line finds a local stack by this file, in the folder that it is called in.
  writeLocalFile(join(workDir, '.belfry', 'local.json'), {
    pid: process.pid,
    region,
    endpoints: { sqs: emulators.endpoint, s3: emulators.endpoint, dynamodb },
    lmtp: '',
    relay: '',
    catcher: null,
    queueUrls: emulators.queueUrls,
    table: emulators.table,
    bucket: emulators.bucket,
    site: {},
  });
  const launcher = join(checkout, 'bin/belfry.mjs');
  return {
    emulators,
    workDir,
    belfry: (...args) => run(process.execPath, [launcher, ...args, '--local'], { cwd: workDir, maxBuffer }),
  };
};

const fileOf = ({ workDir }: Place, count: number): string => {
  const file = join(workDir, `${count}.txt`);
  const lines = Array.from(
    { length: count },
    (_, index) => `Member ${index} <m${index}@example${index % 50}.org>`,
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
};

const newList = async (store: Store, name: string): Promise<string> => {
  await createList(`${name}@example.com`, { store, site: readSite(), clock: systemClock });
  return `${name}@example.com`;
};

const measure = async (place: Place, count: number, number: number): Promise<Measured> => {
  const { store, dynamoEndpoint, table: name } = place.emulators;
  const list = await newList(store, `size${count}run${number}`);
  const file = fileOf(place, count);
  const added = await timed(() => place.belfry('member', 'add', list, '--file', file));
  const order: PutOrder = { endpoint: dynamoEndpoint, region, table: name, count };
  const bare = await timed(() => runChild('raw-puts.ts', order));
  const again = await timed(() => place.belfry('member', 'add', list, '--file', file));
  let members = 0;
  for await (const page of store.members.pages(list.replace('@', '.'), 'member')) members += page.length;
  if (members !== count) throw new Error(`The list has ${members} members, not ${count}`);
  progress(
    `${count}, run ${number}: added in ${digits(added, 1)} s, given again ${digits(again, 1)} s, bare PutItem ${digits(bare, 1)} s`,
  );
  return { count, added, bare, again };
};

/** What each thing consumes, asked of DynamoDB for every request. */
const consume = async (place: Place, meter: AwsMeter): Promise<readonly Consumed[]> => {
  const list = await newList(place.emulators.store, 'metered');
  const file = fileOf(place, metered);
  const none = join(place.workDir, 'none.txt');
  writeFileSync(none, '');
  const all: Consumed[] = [];
  const note = async (what: string, members: number, work: () => Promise<unknown>): Promise<void> => {
    meter.read();
    await work();
    all.push({ what, used: meter.read(), members });
  };
  await note('member add: new', metered, () => place.belfry('member', 'add', list, '--file', file));
  await note('member add: the same file again', metered, () =>
    place.belfry('member', 'add', list, '--file', file),
  );
  const client = new DynamoDBClient({
    region,
    endpoint: meter.endpoints.dynamodb,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const store = openStore(client, place.emulators.table);
  const id = list.replace('@', '.');
  await note('one member found', 1, () => store.members.get(id, 'member', 'm7@example7.org'));
  await note('the owners of the list', 1, async () => {
    for await (const page of store.members.pages(id, 'owner')) void page;
  });
  await note('the first page of members', 1, async () => {
    for await (const page of store.members.pages(id, 'member')) {
      if (page.length > 0) break;
    }
  });
  client.destroy();
  await note('member sync: all removed', metered, () =>
    place.belfry('member', 'sync', list, '--file', none, '--yes'),
  );
  return all;
};

const showConsumed = (all: readonly Consumed[]): void => {
  const rows = all.map(({ what, used: { writeUnits, readUnits, requests }, members }) => {
    const dollars = writeUnits * prices.writeUnit + readUnits * prices.readUnit;
    return [
      what,
      digits(requests, 0),
      digits(writeUnits / members, 2),
      digits(readUnits / members, 2),
      members > 1 ? digits((dollars / members) * large, 3) : '',
    ];
  });
  console.log(`\nWhat DynamoDB bills, counted with ${metered} members\n`);
  console.log(table(['what', 'requests', 'write units each', 'read units each', '$ for 100,000'], rows));
};

/** The bench `members`: long files of addresses through the command line. */
export const benchMembers = async (): Promise<void> => {
  const workDir = mkdtempSync(join(tmpdir(), 'belfry-bench-'));
  const [emulators, meter] = await Promise.all([startEmulators(), startMeter()]);
  const { endpoint, dynamoEndpoint } = emulators;
  meter.standBefore({ sqs: endpoint, s3: endpoint, dynamodb: dynamoEndpoint });
  const all: Measured[] = [];
  let consumed: readonly Consumed[] = [];
  try {
    const place = openPlace(emulators, dynamoEndpoint, workDir);
    for (const count of sizes) {
      const times = count < large ? runs : 1;
      for (let number = 1; number <= times; number += 1) all.push(await measure(place, count, number));
    }
    consumed = await consume(openPlace(emulators, meter.endpoints.dynamodb, workDir), meter);
  } finally {
    await meter.stop();
    await emulators.close();
    rmSync(workDir, { recursive: true, force: true });
  }
  const bests = sizes.map((count) =>
    best(
      all.filter((one) => one.count === count),
      (one) => one.added,
      'least',
    ),
  );
  console.log(`\nMembers are added by the command line; all times hold the start of the process\n`);
  console.log(
    table(
      ['members', 'added, s', 'members/s', 'bare PutItem, s', 'times bare', 'given again, s'],
      bests.map(({ count, added, bare, again }) => [
        digits(count, 0),
        digits(added, 1),
        digits(count / added, 0),
        digits(bare, 1),
        digits(added / bare, 1),
        digits(again, 1),
      ]),
    ),
  );
  showConsumed(consumed);
  showTargets(
    bests.flatMap(({ count, added }) => {
      const wanted = wantedSeconds[count];
      if (wanted === undefined) return [];
      return [
        {
          what: `${count} members by the command line`,
          wanted: `under ${wanted} s`,
          measured: `${digits(added, 1)} s`,
          met: added < wanted,
        },
      ];
    }),
  );
  keepResults('members', { all, consumed });
};
