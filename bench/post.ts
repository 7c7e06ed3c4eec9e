import * as z from 'zod';
import { systemClock } from '../lib/clock/clock.ts';
import { createList } from '../lib/lists/create.ts';
import type { MailingList } from '../lib/lists/list.ts';
import { assembled, type Stack, startStack } from '../test/harness/stack.ts';
import { runChild } from './load/child.ts';
import { type CountingSink, startSink } from './load/counting-sink.ts';
import type { AloneOrder } from './load/nodemailer-alone.ts';
import { newPost, postOnce } from './load/post-once.ts';
import { best, runs } from './measure/best-of.ts';
import { cpuOf, type Spent, sinceThen } from './measure/cpu.ts';
import { type Priced, pricePost } from './price/price-post.ts';
import { showPrices } from './price/show-prices.ts';
import { keepResults, progress, showTargets } from './report/results.ts';
import { digits, table } from './report/table.ts';
import { giveMembers } from './stack/many-members.ts';

/** `BENCH_SIZES=100,1000` measures some of them only. */
const sizes = (process.env.BENCH_SIZES ?? '100,1000,10000,100000').split(',').map(Number);
const batch = 100;

/** Mailman 3.3.8 on two such cores, from the issue: seconds. */
const mailman: Readonly<Record<number, number>> = { 100: 2.0, 1000: 1.7, 10000: 4.7, 100000: 35.8 };

const wanted: Readonly<Record<number, number>> = { 100: 0.5, 10000: 2 };

/** One post, timed. */
interface Measured {
  readonly members: number;
  readonly run: number;
  /** From the 250 of the gateway to the last delivery. */
  readonly seconds: number;
  readonly alone: number;
  readonly transactions: number;
  /** Milliseconds of processor time for the whole post, by process. */
  readonly cpu: Spent;
}

const aloneSchema = z.object({ seconds: z.number() });

const addressOf = (list: MailingList): string => `${list.list_name}@${list.mail_host}`;

const alone = async (sink: CountingSink, recipients: number): Promise<number> => {
  const { all } = await sink.expect(recipients);
  const order: AloneOrder = {
    port: sink.port,
    recipients,
    batch,
    message: newPost('ant@example.com', `alone-${recipients}`),
  };
  const { seconds } = aloneSchema.parse(await runChild('nodemailer-alone.ts', order));
  await all;
  return seconds;
};

const measure = async (stack: Stack, sink: CountingSink, members: number): Promise<readonly Measured[]> => {
  const list = await createList(`list${members}@example.com`, {
    store: stack.store,
    site: stack.site,
    clock: systemClock,
  });
  progress(`${members} members join`);
  await giveMembers(stack, list, members);
  const all: Measured[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const before = cpuOf(process.pid);
    const address = addressOf(list);
    const mail = newPost(address, `${members}-${run}`);
    const { seconds, transactions } = await postOnce(stack, sink, { address, members, mail });
    const cpu = sinceThen(before, cpuOf(process.pid), 1);
    const yardstick = await alone(sink, members);
    progress(
      `run ${run}: ${members} members in ${digits(seconds, 2)} s; nodemailer alone ${digits(yardstick, 2)} s`,
    );
    all.push({ members, run, seconds, alone: yardstick, transactions, cpu });
  }
  return all;
};

/** The bench `post`: from the 250 of the gateway to the last delivery, and what a post costs on AWS. */
export const benchPost = async (): Promise<void> => {
  progress('synthesizing the template and starting the stack');
  const assembly = await assembled();
  const sink = await startSink();
  const stack = await startStack({ assembly, relay: { host: '127.0.0.1', port: sink.port } });
  const all: Measured[] = [];
  try {
    for (const members of sizes) all.push(...(await measure(stack, sink, members)));
    if (stack.problems.length > 0) throw new Error(stack.problems.join('\n'));
  } finally {
    await stack.stop();
  }
  const prices: Priced[] = [];
  for (const members of sizes) prices.push(await pricePost(assembly, sink, members));
  await sink.stop();
  report(all, prices);
};

const report = (all: readonly Measured[], prices: readonly Priced[]): void => {
  const bestOf = (members: number): Measured =>
    best(
      all.filter((one) => one.members === members),
      ({ seconds }) => seconds,
      'least',
    );
  console.log(
    `\nA post of 4 KB in bulk: seconds from the 250 of the gateway to the last delivery, best of ${runs} posts\n`,
  );
  console.log(
    table(
      [
        'members',
        'Belfry s',
        'nodemailer alone s',
        'times alone',
        'recipients/s',
        'Mailman s',
        'cpu s in all',
      ],
      sizes.map((members) => {
        const { seconds, alone: yardstick, cpu } = bestOf(members);
        return [
          members,
          digits(seconds, 2),
          digits(yardstick, 2),
          digits(seconds / yardstick, 1),
          digits(members / seconds, 0),
          digits(mailman[members] ?? 0, 1),
          digits(Object.values(cpu).reduce((sum, spent) => sum + spent, 0) / 1000, 2),
        ];
      }),
    ),
  );
  const large = bestOf(Math.max(...sizes.filter((members) => members <= 10_000)));
  console.log(
    `\nProcessor time of one post to ${large.members}, in ms: ${Object.entries(large.cpu)
      .map(([name, spent]) => `${name} ${digits(spent, 0)}`)
      .join(', ')}`,
  );
  const priceTargets = showPrices(prices);
  showTargets([
    ...Object.entries(wanted)
      .filter(([members]) => sizes.includes(Number(members)))
      .map(([members, limit]) => {
        const { seconds } = bestOf(Number(members));
        return {
          what: `a post to ${members} members`,
          wanted: `under ${limit} s`,
          measured: `${digits(seconds, 2)} s`,
          met: seconds < limit,
        };
      }),
    ...priceTargets,
  ]);
  keepResults('post', { all, prices });
};
