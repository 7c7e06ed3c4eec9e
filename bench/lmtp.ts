import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../lib/clock/clock.ts';
import { readSite } from '../lib/config/site.ts';
import { createList } from '../lib/lists/create.ts';
import type { Store } from '../lib/store/store.ts';
import { assembled, startStack } from '../test/harness/stack.ts';
import { runChild, startServer } from './load/child.ts';
import { type DriverOrder, type DriverReport, driverReportSchema } from './load/lmtp-order.ts';
import { best, runs } from './measure/best-of.ts';
import { cpuOf, type Spent, sinceThen } from './measure/cpu.ts';
import { usageOf } from './measure/processes.ts';
import { keepResults, progress, showTargets } from './report/results.ts';
import { digits, megabytes, table } from './report/table.ts';
import { startDoorAlone } from './stack/door-alone.ts';

const list = 'ant@example.com';
const sessionCounts = [1, 4, 20] as const;
const size = 4096;
const messages = { bare: 8000, alone: 3000, shared: 1000, warmUp: 500 } as const;

/** One measurement. */
interface Measured {
  readonly who: 'bare smtp-server' | 'gateway, functions paused' | 'gateway, functions running';
  readonly run: number;
  readonly sessions: number;
  readonly perSecond: number;
  readonly report: DriverReport;
  /** Milliseconds of processor time for each message, by process. */
  readonly cpu: Spent;
}

const drive = async (order: Pick<DriverOrder, 'port' | 'sessions' | 'messages'>): Promise<DriverReport> => {
  const whole: DriverOrder = { ...order, size, sender: 'anne@example.org', recipient: list };
  const report = driverReportSchema.parse(await runChild('lmtp-driver.ts', whole));
  if (Object.keys(report.refused).length > 0) {
    throw new Error(`Messages were not accepted: ${JSON.stringify(report.refused)}`);
  }
  return report;
};

const measure = async (
  who: Measured['who'],
  run: number,
  order: Pick<DriverOrder, 'port' | 'sessions' | 'messages'>,
): Promise<Measured> => {
  const before = cpuOf(process.pid);
  const report = await drive(order);
  const cpu = sinceThen(before, cpuOf(process.pid), report.messages);
  const perSecond = report.messages / report.seconds;
  progress(`run ${run}: ${who}, ${order.sessions} sessions: ${Math.round(perSecond)}/s`);
  return {
    who,
    run,
    sessions: order.sessions,
    perSecond,
    report,
    cpu: { ...cpu, driver: (report.cpuSeconds * 1000) / report.messages },
  };
};

const makeList = (store: Store): Promise<unknown> =>
  createList(list, { store, site: readSite({}), clock: systemClock });

/** The bench `lmtp`: how fast the gateway makes mail durable. */
export const benchLmtp = async (): Promise<void> => {
  const workDir = mkdtempSync(join(tmpdir(), 'belfry-bench-'));
  progress('synthesizing the template and bundling the gateway');
  const assembly = await assembled();
  const all: Measured[] = [];
  const peaks: number[] = [];
  try {
    for (let run = 1; run <= runs; run += 1) {
      const bare = await startServer('bare-lmtp.ts');
      const door = await startDoorAlone(assembly, workDir);
      await makeList(door.store);
      await drive({ port: bare.port, sessions: 4, messages: messages.warmUp });
      await drive({ port: door.port, sessions: 4, messages: messages.warmUp });
      for (const sessions of sessionCounts) {
        all.push(
          await measure('bare smtp-server', run, { port: bare.port, sessions, messages: messages.bare }),
          await measure('gateway, functions paused', run, {
            port: door.port,
            sessions,
            messages: messages.alone,
          }),
        );
      }
      peaks.push(usageOf(door.gatewayPid).peakBytes);
      await door.stop();
      await bare.stop();
    }
    for (let run = 1; run <= runs; run += 1) {
      const stack = await startStack({ assembly });
      await makeList(stack.store);
      await drive({ port: stack.lmtpPort, sessions: 4, messages: messages.warmUp });
      for (const sessions of sessionCounts) {
        const order = { port: stack.lmtpPort, sessions, messages: messages.shared };
        all.push(await measure('gateway, functions running', run, order));
      }
      await stack.stop();
    }
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
  report(all, peaks);
};

const report = (all: readonly Measured[], peaks: readonly number[]): void => {
  const bestOf = (who: Measured['who'], sessions: number): Measured =>
    best(
      all.filter((one) => one.who === who && one.sessions === sessions),
      ({ perSecond }) => perSecond,
      'most',
    );
  const row = (one: Measured): (string | number)[] => [
    one.who,
    one.sessions,
    Math.round(one.perSecond),
    `1:${digits(bestOf('bare smtp-server', one.sessions).perSecond / one.perSecond, 1)}`,
    digits(one.report.latency.p50, 2),
    digits(one.report.latency.p99, 2),
    digits(one.cpu.gateway ?? 0, 2),
    digits(
      Object.values(one.cpu).reduce((sum, spent) => sum + spent, 0),
      2,
    ),
  ];
  const heads = [
    'server',
    'sessions',
    'mails/s',
    'to bare',
    'p50 ms',
    'p99 ms',
    'cpu ms/mail: gateway',
    'all',
  ];
  const show = (title: string, kinds: readonly Measured['who'][]): void => {
    console.log(`\n${title}\n`);
    console.log(
      table(
        heads,
        sessionCounts.flatMap((sessions) => kinds.map((who) => row(bestOf(who, sessions)))),
      ),
    );
  };
  console.log(
    `\nLMTP: mails of ${size} bytes on kept sessions, best of ${runs} runs; p50 and p99 from MAIL to the reply after DATA`,
  );
  show('Gateway and emulators (the functions are PAUSED: nobody takes the mails from the queues)', [
    'bare smtp-server',
    'gateway, functions paused',
  ]);
  show('The whole stack (the functions run, and share the processor with the gateway)', [
    'gateway, functions running',
  ]);
  const main = bestOf('gateway, functions paused', 4);
  console.log(
    `\nProcessor time for each mail at 4 sessions, in ms: ${Object.entries(main.cpu)
      .map(([name, spent]) => `${name} ${digits(spent, 2)}`)
      .join(', ')}`,
  );
  const peak = Math.max(...peaks);
  showTargets([
    {
      what: 'mails a second at 4 sessions (functions paused)',
      wanted: 'at least 800',
      measured: String(Math.round(main.perSecond)),
      met: main.perSecond >= 800,
    },
    {
      what: 'the most memory of the gateway in any of these runs',
      wanted: 'below 150 MB',
      measured: megabytes(peak),
      met: peak < 150e6,
    },
  ]);
  keepResults('lmtp', { all, gatewayPeakBytes: peaks });
};
