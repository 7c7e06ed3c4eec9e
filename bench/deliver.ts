import * as z from 'zod';
import { systemClock } from '../lib/clock/clock.ts';
import { createList } from '../lib/lists/create.ts';
import { sesControl } from '../test/harness/ses-stub.ts';
import { assembled, type Stack, startStack } from '../test/harness/stack.ts';
import { runChild } from './load/child.ts';
import { type CountingSink, startSink } from './load/counting-sink.ts';
import type { AloneOrder } from './load/nodemailer-alone.ts';
import { postMany } from './load/post-many.ts';
import { newPost, postOnce } from './load/post-once.ts';
import { smtpSource } from './load/smtp-source.ts';
import { best, runs } from './measure/best-of.ts';
import { cpuOf, type Spent, sinceThen } from './measure/cpu.ts';
import { usageOf } from './measure/processes.ts';
import { type Priced, pricePost } from './price/price-post.ts';
import { keepResults, progress, showTargets, type Target } from './report/results.ts';
import { digits, megabytes, table } from './report/table.ts';
import { giveMembers } from './stack/many-members.ts';

/** How a post leaves: all in few transactions, or one to each with a sender of its own. */
const ways = { bulk: 'none', verp: 'individual' } as const;
type Way = keyof typeof ways;

/** What is measured: a post, and how late each reply of the relay comes. */
interface Course {
  readonly way: Way;
  readonly members: number;
  readonly delayMs: number;
}

// `BENCH_LARGEST=10000` leaves out what takes minutes.
const largest = Number(process.env.BENCH_LARGEST ?? 100_000);

const courses: readonly Course[] = (
  [
    { way: 'bulk', members: 10_000, delayMs: 0 },
    { way: 'bulk', members: 10_000, delayMs: 5 },
    { way: 'bulk', members: 10_000, delayMs: 20 },
    { way: 'verp', members: 1_000, delayMs: 0 },
    { way: 'verp', members: 1_000, delayMs: 5 },
    { way: 'verp', members: 1_000, delayMs: 20 },
    { way: 'verp', members: 10_000, delayMs: 0 },
    { way: 'bulk', members: 100_000, delayMs: 0 },
    { way: 'verp', members: 100_000, delayMs: 0 },
  ] as const
).filter(({ members }) => members <= largest);

const priced = [10, 100, 1_000, 10_000].filter((members) => members <= largest);

/** Mailman 3.3.8 on two such cores, from the issue: seconds for one post, and deliveries a second for many. */
const mailman = { bulk: { one: 4.7, many: 2054 }, verp: { one: 76, many: 144 } } as const;

/** One course, once. */
interface Measured extends Course {
  readonly run: number;
  /** From the 250 of the gateway to the last delivery. */
  readonly seconds: number;
  readonly nodemailer: number;
  /** Undefined where Postfix is not installed, and for a relay that is far away: it waits for each reply, which is another question. */
  readonly postfix: number | undefined;
  readonly cpu: Spent;
  /** The most memory that a process of each function ever had. */
  readonly peak: Readonly<Record<string, number>>;
}

/** 200 posts to 100 members. */
interface MeasuredMany {
  readonly way: Way;
  readonly run: number;
  readonly perSecond: number;
  /** Milliseconds of processor time for each post, by process. */
  readonly cpu: Spent;
}

const secondsSchema = z.object({ seconds: z.number() });
const bytes = 4096;
const batchOf = (way: Way): number => (way === 'bulk' ? 100 : 1);
const connectionsOf = (way: Way): number => (way === 'bulk' ? 1 : 5);

const yardsticks = async (sink: CountingSink, { way, members, delayMs }: Course) => {
  const nodemailerDone = await sink.expect(members, delayMs);
  const order: AloneOrder = {
    port: sink.port,
    recipients: members,
    batch: batchOf(way),
    connections: connectionsOf(way),
    message: newPost('ant@example.com', `alone-${members}`),
  };
  const { seconds } = secondsSchema.parse(await runChild('nodemailer-alone.ts', order));
  await nodemailerDone.all;
  if (delayMs > 0) return { nodemailer: seconds, postfix: undefined };
  const { message: _message, connections = 1, ...rest } = order;
  const postfixDone = await sink.expect(members);
  const postfix = await smtpSource({ ...rest, connections, bytes });
  if (postfix !== undefined) await postfixDone.all;
  return { nodemailer: seconds, postfix };
};

const peaksOf = (stack: Stack): Measured['peak'] =>
  Object.fromEntries(
    Object.entries(stack.pids()).map(([name, pids]) => [
      name,
      Math.max(0, ...pids.map((pid) => usageOf(pid).peakBytes)),
    ]),
  );

const makeList = async (stack: Stack, name: string, way: Way, members: number): Promise<string> => {
  const { store, site } = stack;
  const address = `${name}@example.com`;
  const list = await createList(address, { store, site, clock: systemClock });
  await store.lists.set(list.list_id, { personalize: ways[way] });
  await giveMembers(stack, list, members);
  return address;
};

const measure = async (stack: Stack, sink: CountingSink, course: Course): Promise<readonly Measured[]> => {
  const { way, members, delayMs } = course;
  const name = `${way}-${members}-${delayMs}`;
  progress(`${name}: members join`);
  const address = await makeList(stack, name, way, members);
  const all: Measured[] = [];
  for (let run = 1; run <= (members > 10_000 ? 2 : runs); run += 1) {
    const before = cpuOf(process.pid);
    const mail = newPost(address, `${name}-${run}`);
    const { seconds } = await postOnce(stack, sink, { address, members, mail, delayMs });
    const cpu = sinceThen(before, cpuOf(process.pid), 1);
    const beside = await yardsticks(sink, course);
    progress(`${name}, run ${run}: ${digits(seconds, 2)} s; nodemailer ${digits(beside.nodemailer, 2)} s`);
    all.push({ ...course, run, seconds, ...beside, cpu, peak: peaksOf(stack) });
  }
  return all;
};

const partsOf = (spent: Spent): string =>
  Object.entries(spent)
    .map(([name, ms]) => `${name} ${digits(ms, 1)}`)
    .join(', ');

const measureMany = async (stack: Stack, sink: CountingSink, way: Way): Promise<readonly MeasuredMany[]> => {
  const address = await makeList(stack, `many-${way}`, way, 100);
  const all: MeasuredMany[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const many = { addresses: [address], posts: 200, members: 100, name: `many-${way}-${run}` };
    const before = cpuOf(process.pid);
    const perSecond = (many.posts * many.members) / (await postMany(stack, sink, many));
    const cpu = sinceThen(before, cpuOf(process.pid), many.posts);
    progress(
      `200 posts to 100, ${way}, run ${run}: ${digits(perSecond, 0)} deliveries a second; ${partsOf(cpu)}`,
    );
    all.push({ way, run, perSecond, cpu });
  }
  return all;
};

/** What a post costs, by the way it leaves. */
interface PricedWays {
  readonly bulk: readonly Priced[];
  readonly verp: readonly Priced[];
  readonly ses: readonly Priced[];
}

const late = { mta: { verp_personalized_deliveries: true } };

/** The rate that Amazon SES gives to those who have left its sandbox; slots that are waited for are time of Lambda. */
const sesRate = { max_send_rate: 14, max_24_hour_send: 50_000 };

const price = async (sink: CountingSink): Promise<PricedWays> => {
  const bulk: Priced[] = [];
  const verp: Priced[] = [];
  const byRelay = await assembled();
  for (const members of priced) {
    bulk.push(await pricePost(byRelay, sink, members));
    verp.push(await pricePost(byRelay, sink, members, { personalize: 'individual', lateConfig: late }));
  }
  const bySes = await assembled({ delivery: { transport: 'ses' }, ses: { domains: ['example.com'] } });
  const setUp = async (stack: Stack): Promise<void> => {
    await sesControl(stack.ses?.control ?? '').account(sesRate);
  };
  const ses = [
    await pricePost(bySes, sink, Math.min(1000, largest), {
      setUp,
      lateConfig: { delivery: { transport: 'ses' }, ses: { domains: ['example.com'] } },
    }),
  ];
  return { bulk, verp, ses };
};

/** The bench `deliver`: how fast posts leave in bulk and with VERP, beside what does nothing else, and what they cost. */
export const benchDeliver = async (): Promise<void> => {
  progress('synthesizing the template and starting the stack');
  const sink = await startSink();
  const relay = { host: '127.0.0.1', port: sink.port };
  const stack = await startStack({ relay, lateConfig: late });
  const all: Measured[] = [];
  const many: MeasuredMany[] = [];
  try {
    for (const way of ['bulk', 'verp'] as const) many.push(...(await measureMany(stack, sink, way)));
    for (const course of courses) all.push(...(await measure(stack, sink, course)));
    if (stack.problems.length > 0) throw new Error(stack.problems.join('\n'));
  } finally {
    await stack.stop();
  }
  const prices = await price(sink);
  await sink.stop();
  report(all, many, prices);
};

const bestOf = (all: readonly Measured[], { way, members, delayMs }: Course): Measured | undefined => {
  const these = all.filter((one) => one.way === way && one.members === members && one.delayMs === delayMs);
  return these.length === 0 ? undefined : best(these, ({ seconds }) => seconds, 'least');
};

const sum = (spent: Spent): number => Object.values(spent).reduce((total, one) => total + one, 0);

const rate = (recipients: number, seconds: number | undefined): string =>
  seconds === undefined ? '-' : digits(recipients / seconds, 0);

const perThousand = ({ total, members }: Priced): number => (total / members) * 1000;

const showRates = (all: readonly Measured[], many: readonly MeasuredMany[]): void => {
  console.log(
    `\nOne post of 4 KB: recipients a second, from the 250 of the gateway to the last delivery; the best run\n`,
  );
  console.log(
    table(
      [
        'way',
        'members',
        'ms a reply',
        'seconds',
        'recipients/s',
        'nodemailer/s',
        'smtp-source/s',
        'cpu s',
        'outgoing MB',
      ],
      courses.flatMap((course) => {
        const found = bestOf(all, course);
        if (found === undefined) return [];
        const { way, members, delayMs, seconds, nodemailer, postfix, cpu, peak } = found;
        const outgoing = Object.entries(peak).find(([name]) => name.includes('outgoing'))?.[1] ?? 0;
        return [
          [
            way,
            members,
            delayMs,
            digits(seconds, 2),
            rate(members, seconds),
            rate(members, nodemailer),
            rate(members, postfix),
            digits(sum(cpu) / 1000, 2),
            megabytes(outgoing),
          ],
        ];
      }),
    ),
  );
  for (const way of ['bulk', 'verp'] as const) {
    const [most] = many.filter((one) => one.way === way).toSorted((a, b) => b.perSecond - a.perSecond);
    console.log(
      `\n200 posts to 100 members, ${way}: ${digits(most?.perSecond ?? 0, 0)} deliveries a second (Mailman ${mailman[way].many}); processor time of a post in ms: ${partsOf(most?.cpu ?? {})}`,
    );
  }
  for (const way of ['bulk', 'verp'] as const) {
    const found = bestOf(all, { way, members: 10_000, delayMs: 0 });
    if (found === undefined) continue;
    console.log(`\nProcessor time of one post to 10,000, ${way}, in ms: ${partsOf(found.cpu)}`);
  }
};

const showPriceTable = (prices: PricedWays): void => {
  console.log('\nThe price of such a post (us-east-1, without SES, the relay or the gateway itself)\n');
  console.log(
    table(
      ['way', 'members', '$ per 1,000', 'DynamoDB %', 'S3 %', 'SQS %', 'Lambda %', 'WRU', 'RRU', 'ms here'],
      Object.entries(prices).flatMap(([way, posts]: [string, readonly Priced[]]) =>
        posts.map((one) => [
          way,
          one.members,
          digits(perThousand(one), 6),
          ...(['DynamoDB', 'S3', 'SQS', 'Lambda'] as const).map((kind) =>
            digits((one.dollars[kind] / one.total) * 100, 0),
          ),
          digits(one.used.writeUnits, 0),
          digits(one.used.readUnits, 1),
          one.used.milliseconds,
        ]),
      ),
    ),
  );
};

const under = (what: string, limit: number, measured: number | undefined, unit: string): readonly Target[] =>
  measured === undefined
    ? []
    : [
        {
          what,
          wanted: `under ${limit} ${unit}`,
          measured: `${digits(measured, 4)} ${unit}`,
          met: measured < limit,
        },
      ];

const atLeast = (what: string, limit: number, measured: number | undefined): readonly Target[] =>
  measured === undefined
    ? []
    : [{ what, wanted: `at least ${limit}/s`, measured: `${digits(measured, 0)}/s`, met: measured >= limit }];

const mostOf = (many: readonly MeasuredMany[], way: Way): number =>
  Math.max(...many.filter((one) => one.way === way).map(({ perSecond }) => perSecond));

/** That ten times the members take no more than ten times as long. */
const growth = (all: readonly Measured[], way: Way): readonly Target[] => {
  const small = bestOf(all, { way, members: 10_000, delayMs: 0 });
  const large = bestOf(all, { way, members: 100_000, delayMs: 0 });
  if (small === undefined || large === undefined) return [];
  return under(
    `100,000 members, ${way}: how many times 10,000 members`,
    10,
    large.seconds / small.seconds,
    'times',
  );
};

const targetsOf = (
  all: readonly Measured[],
  many: readonly MeasuredMany[],
  prices: PricedWays,
): readonly Target[] => {
  const secondsOf = (way: Way, members: number, delayMs = 0) =>
    bestOf(all, { way, members, delayMs })?.seconds;
  const slow = secondsOf('verp', 1_000, 5);
  const peak = Math.max(...all.flatMap(({ peak: of }) => Object.values(of)));
  const priceOf = (posts: readonly Priced[], what: string, limit: number): readonly Target[] =>
    posts
      .filter(({ members }) => members >= 1000)
      .map((one) => ({
        what: `price of 1,000 recipients, ${what}, ${one.members} members`,
        wanted: `at most $${limit}`,
        measured: `$${digits(perThousand(one), 5)}`,
        met: perThousand(one) <= limit,
      }));
  return [
    ...under(`10,000 VERP copies (Mailman ${mailman.verp.one} s)`, 6, secondsOf('verp', 10_000), 's'),
    ...under(`10,000 in bulk (Mailman ${mailman.bulk.one} s)`, 2, secondsOf('bulk', 10_000), 's'),
    ...atLeast(`200 posts to 100 in bulk (Mailman ${mailman.bulk.many})`, 6_000, mostOf(many, 'bulk')),
    ...atLeast(`200 posts to 100 with VERP (Mailman ${mailman.verp.many})`, 2_000, mostOf(many, 'verp')),
    ...atLeast(
      '1,000 with VERP at 5 ms a reply (Mailman 34)',
      400,
      slow === undefined ? undefined : 1_000 / slow,
    ),
    ...growth(all, 'bulk'),
    ...growth(all, 'verp'),
    ...under('the most memory of a function', 200, peak / 1e6, 'MB'),
    ...priceOf(prices.ses, 'one by one on SES', 0.003),
    ...priceOf(prices.verp, 'VERP on a relay', 0.002),
    ...priceOf(prices.bulk, 'bulk', 0.0005),
  ];
};

const report = (all: readonly Measured[], many: readonly MeasuredMany[], prices: PricedWays): void => {
  showRates(all, many);
  showPriceTable(prices);
  showTargets(targetsOf(all, many, prices));
  keepResults('deliver', { all, many, prices });
};
