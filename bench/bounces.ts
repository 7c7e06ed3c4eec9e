import { simpleParser } from 'mailparser';
import type { Recognition } from '../lib/bounces/bounce.ts';
import { recognise } from '../lib/bounces/recognise.ts';
import { readSite } from '../lib/config/site.ts';
import { mixedBounces, sampleBounces } from './load/mixed-bounces.ts';
import { best, runs } from './measure/best-of.ts';
import { type PricedBounces, priceBounces } from './price/price-bounces.ts';
import { keepResults, progress, showTargets } from './report/results.ts';
import { digits, table } from './report/table.ts';

const count = 10_000;
const pricedCount = 200;

/** What one run came to: mails in a second of one core, by processor time. */
interface Measured {
  readonly recognised: number;
  readonly parsed: number;
}

const { mta } = readSite();

/** Seconds of processor time, all threads of this process together. */
const cpuSeconds = async (work: () => Promise<void> | void): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

const measure = async (mails: readonly Buffer[]): Promise<Measured> => {
  const recognising = await cpuSeconds(() => {
    for (const bytes of mails) recognise({ bytes }, mta);
  });
  const parsing = await cpuSeconds(async () => {
    for (const bytes of mails) await simpleParser(bytes);
  });
  return { recognised: mails.length / recognising, parsed: mails.length / parsing };
};

/** What is recognised, without what varies: the kinds and the reasons. */
const gist = (recognition: Recognition): string =>
  recognition.kind === 'bounces'
    ? recognition.bounces.map(({ kind, why, detector }) => `${kind} ${why} ${detector}`).join(', ')
    : recognition.kind;

/** How many of the mails mean what their sample means. */
const same = (mails: readonly Buffer[]): number => {
  const gists = sampleBounces.map((bytes) => gist(recognise({ bytes }, mta)));
  return mails.filter((bytes, index) => gist(recognise({ bytes }, mta)) === gists[index % gists.length])
    .length;
};

const showPriced = (priced: readonly PricedBounces[]): void => {
  console.log('\nThe price of 1,000 bounces by mail on AWS (us-east-1), from the queue on\n');
  const services = ['DynamoDB', 'S3', 'SQS', 'Lambda', 'logs'] as const;
  console.log(
    table(
      [
        'a bounce that',
        'cents for 1,000',
        'WRU',
        'RRU',
        'PUT',
        'GET',
        'SQS',
        'ms here',
        ...services.map((one) => `${one} %`),
      ],
      priced.map(({ kind, count: among, used, dollars, total }) => [
        kind,
        digits((total / among) * 100_000, 2),
        digits(used.writeUnits / among, 2),
        digits(used.readUnits / among, 2),
        digits(used.s3Puts / among, 2),
        digits(used.s3Gets / among, 2),
        digits((used.sqsSends + 2 * used.sqsMessages) / among, 2),
        digits(used.milliseconds / among, 2),
        ...services.map((one) => digits((dollars[one] / total) * 100, 0)),
      ]),
    ),
  );
};

/** The bench `bounces`: how fast bounces are recognised, and what they cost. */
export const benchBounces = async (): Promise<void> => {
  progress(`${count} bounces from ${sampleBounces.length} samples`);
  const mails = mixedBounces(count);
  const bytes = mails.reduce((sum, mail) => sum + mail.length, 0);
  const all: Measured[] = [];
  for (let number = 1; number <= runs; number += 1) {
    const measured = await measure(mails);
    all.push(measured);
    progress(
      `run ${number}: ${digits(measured.recognised, 0)} recognised and ${digits(measured.parsed, 0)} parsed a second`,
    );
  }
  const { recognised } = best(all, (one) => one.recognised, 'most');
  const { parsed } = best(all, (one) => one.parsed, 'most');
  const meant = same(mails);
  console.log(
    `\n${count} bounces of ${digits(bytes / count / 1000, 1)} KB, one core, best of ${runs} runs\n`,
  );
  console.log(
    table(
      ['what', 'mails a second'],
      [
        ['recognised', digits(recognised, 0)],
        ["mailparser's simpleParser alone", digits(parsed, 0)],
        ['ratio', digits(recognised / parsed, 1)],
      ],
    ),
  );
  const priced = await priceBounces(pricedCount);
  showPriced(priced);
  showTargets([
    {
      what: 'bounces that mean what their sample means',
      wanted: String(count),
      measured: String(meant),
      met: meant === count,
    },
  ]);
  keepResults('bounces', { count, meanBytes: bytes / count, recognised, parsed, meant, all, priced });
};
