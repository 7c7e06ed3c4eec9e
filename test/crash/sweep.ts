import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeOverrides } from '../../infra/aws/site-file.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { type Script, startRelay, type TestRelay } from '../harness/relay.ts';
import { type Stack, startStack } from '../harness/stack.ts';
import type { CrashPlan, CrashPoint } from './crash-plan.ts';

/**
 * How long a scenario may be under way. Four stacks and those who work beside them share the processors, and a process that ended is started again and
 * waits for its message to come back: what takes a second on a quiet machine takes twenty at a load of 15.
 */
export const patienceMs = 120_000;

/** What is swept: something that mail does, and who shall have how many copies of it afterwards. */
export interface Scenario {
  readonly name: string;
  /** Site settings of its own, beside the short times of every sweep. */
  readonly site?: SiteOverrides;
  /** Environment variables for the functions and the gateway; `NODE_OPTIONS` are added to those that they have. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the relay of a stack says; by default what follows from the names of recipients. */
  readonly relay?: () => Script;
  /** What is done once to each of its stacks. */
  readonly setUp?: (stack: Stack) => Promise<void>;
  /** A function that begins each run in a new process, because its calls depend on what it remembers of runs before. */
  readonly fresh?: string;
  /**
   * How many calm runs there are at most, until one has the calls of the golden; 1 unless given. For calls that depend on how fast the machine is: a call that
   * nobody sweeps is in each of them.
   */
  readonly calmRuns?: number;
  /** Makes what the run needs; everything bears the name of the run, so that runs do not meet. */
  readonly prepare: (stack: Stack, run: string) => Promise<void>;
  /** Sends the mail. */
  readonly act: (stack: Stack, run: string) => Promise<void>;
  /** Who shall have how many copies afterwards. */
  readonly copies: (run: string) => ReadonlyMap<string, number>;
  /** What else is wrong afterwards, in words; nothing when all is well. */
  readonly faults?: (stack: Stack, run: string) => Promise<readonly string[]>;
}

/** One external call of a scenario: the process that makes it, and what it is. */
interface Call {
  readonly process: string;
  readonly index: number;
  readonly label: string;
}

/** A line of what the processes write down: a call leaves, or is answered. */
interface CallNote extends Call {
  readonly answered: boolean;
}

/** What a run came to. */
interface RunResult {
  readonly point: CrashPoint | undefined;
  readonly fired: boolean;
  /** How many copies more than they should each of the recipients has; 0 is right, less is missed. */
  readonly surplus: readonly number[];
  readonly shunted: readonly string[];
  readonly faults: readonly string[];
  /** Whether a function was ended by its time limit as well, which is a death that nobody planned. */
  readonly timedOut: boolean;
  /** How many copies too many somebody may have, by what was open when the process died. */
  readonly most: number;
}

/** A stack whose processes write down their calls and end where they are told. */
interface SweepStack {
  readonly stack: Stack;
  readonly relay: TestRelay;
  readonly run: (scenario: Scenario, name: string, point?: CrashPoint) => Promise<RunResult>;
  readonly calls: (name: string) => readonly Call[];
  readonly stop: () => Promise<void>;
}

/** Short times through site settings: same code, same template (design, section 8). */
const shortTimes = {
  functions: { timeout: 3, visibility: 3, outgoing_timeout: 4, outgoing_visibility: 4, max_receives: 10 },
  // One connection, so that the k-th call is always the same one (design, section 8).
  delivery: { connections: 1, retry_delay: 1, lease_margin: 0, reply_timeout: 1, dot_timeout: 1 },
  gateway: { exists_cache: 0 },
  // Each transaction opens a connection, so that the calls do not depend on what ran before.
  mta: { max_sessions_per_connection: 1 },
} as const;

/** What the relay says to RCPT follows from the name: `deferred-` is put off once, `refused-` is refused for good. */
const replyByName = (): ((recipient: string) => string) => {
  const asked = new Set<string>();
  return (recipient) => {
    if (recipient.startsWith('refused-')) return '550 5.1.1 Unknown user';
    if (!recipient.startsWith('deferred-') || asked.has(recipient)) return '250 2.1.5 Ok';
    asked.add(recipient);
    return '451 4.2.1 Greylisted';
  };
};

/** Starts a stack for sweeps. */
const startSweepStack = async ({
  site = {},
  setUp,
  fresh,
  relay: script,
  env: more = {},
}: Scenario): Promise<SweepStack> => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-sweep-'));
  const relay = await startRelay({ rcpt: replyByName(), ...script?.() });
  const env = {
    ...more,
    BELFRY_CALLS: folder,
    BELFRY_CALLS_RELAY_PORT: String(relay.port),
    NODE_OPTIONS: `--import ${join(import.meta.dirname, 'call-hook.ts')} ${more.NODE_OPTIONS ?? ''}`.trim(),
  };
  const stack = await startStack({
    // What decides nothing in the template is laid over it, so that all sweeps by a relay share one synthesis.
    config: site.delivery?.transport === 'ses' ? mergeOverrides(shortTimes, site) : shortTimes,
    lateConfig: site,
    relay: { host: '127.0.0.1', port: relay.port },
    functionEnv: env,
    gatewayEnv: env,
    oneByOne: true,
    redeliverAtOnce: true,
  });
  await setUp?.(stack);

  const run = async (scenario: Scenario, name: string, point?: CrashPoint): Promise<RunResult> => {
    await scenario.prepare(stack, name);
    if (fresh !== undefined) await stack.functionEnv(fresh, env);
    const plan: CrashPlan = { run: name, ...(point === undefined ? {} : { at: point }) };
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
    const before = timeOuts(stack);
    await scenario.act(stack, name);
    await stack.idle(patienceMs);
    const copies = relay.copies();
    const shunted: string[] = [];
    for await (const item of stack.store.shunt.ls()) {
      shunted.push(`${item.queue}: ${item.reason}`);
      await stack.store.shunt.remove(item.id);
    }
    return {
      point,
      fired: readOrEmpty(join(folder, `fired-${name}`)) !== '',
      surplus: [...scenario.copies(name)].map(([recipient, count]) => (copies.get(recipient) ?? 0) - count),
      shunted,
      faults: (await scenario.faults?.(stack, name)) ?? [],
      timedOut: timeOuts(stack) > before,
      most: point !== undefined && mayDouble(point, notes(name)) ? 1 : 0,
    };
  };

  const notes = (name: string): readonly CallNote[] =>
    readOrEmpty(join(folder, `calls-${name}.log`))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [process = '', index = '', label = '', answered] = line.split('\t');
        return {
          process: process.replace(/^Belfry-?/, ''),
          index: Number(index),
          label,
          answered: answered !== undefined,
        };
      })
      .filter(({ process }) => process !== byTheClock);

  const calls = (name: string): readonly Call[] => notes(name).filter(({ answered }) => !answered);

  return {
    stack,
    relay,
    run,
    calls,
    stop: async () => {
      await stack.stop();
      await relay.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const readOrEmpty = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Every place to die: before and after each call. */
const pointsOf = (calls: readonly Call[]): readonly CrashPoint[] =>
  calls.flatMap(({ process, index }) => [
    { process, call: index, when: 'before' },
    { process, call: index, when: 'after' },
  ]);

/** A function that runs each minute, whatever the mail does: its calls are no part of a scenario. */
const byTheClock = 'quota';

/**
 * Where a double cannot be excluded: the relay or SES may have accepted the mail, and the verdict is not durable yet (RFC 1047). That
 * is from the end of the data until the write to the ledger is answered, by what the process that died has written down itself.
 */
const mayDouble = (point: CrashPoint, notes: readonly CallNote[]): boolean => {
  let open = false;
  for (const { process, index, label, answered } of notes) {
    if (process !== point.process) continue;
    const here = index === point.call;
    if (here && !answered && point.when === 'before') return open;
    if (label === 'smtp data' || label === 'ses SendRawEmail') open = true;
    if (label === 'dynamodb UpdateItem LEDGER' && answered) open = false;
    if (here && answered) return open;
  }
  return false;
};

/** How many functions of a stack were ended because their time was over. */
const timeOuts = ({ problems }: Stack): number =>
  problems.filter((problem) => problem.includes('Task timed out')).length;

/** How often a point is tried again when a machine that is too slow ended a function as well: that is a second death, and another question. */
const attempts = 3;

/** Runs every point of a scenario on the given stacks, side by side. */
const sweepPoints = async (
  stacks: readonly SweepStack[],
  scenario: Scenario,
  points: readonly CrashPoint[],
): Promise<readonly RunResult[]> => {
  const results: RunResult[] = [];
  const left = points.entries();
  await Promise.all(
    stacks.map(async (stack, number) => {
      for (const [index, point] of left) {
        const name = `${scenario.name}-${number}-${index}`;
        let result = await stack.run(scenario, name, point);
        for (let again = 1; result.timedOut && again <= attempts; again += 1)
          result = await stack.run(scenario, `${name}-${again}`, point);
        results.push(result);
      }
    }),
  );
  return results;
};

/** The calls of a scenario as the golden has them. */
const writtenDown = (calls: readonly Call[]): string =>
  `${calls
    .map(({ process, label }) => `${process}\t${label}`)
    .sort()
    .join('\n')}\n`;

const golden = (scenario: Scenario): string => join(import.meta.dirname, 'golden', `${scenario.name}.calls`);

/**
 * The whole sweep of a scenario: a calm run, whose calls must be those of the golden, so that a new call that nobody sweeps
 * fails; then a run for each point to die at. Gives what was wrong; nothing, when the promise of design, section 8, is kept.
 * `UPDATE_GOLDEN=1` writes the golden anew.
 */
export const sweep = async (scenario: Scenario, side = 6): Promise<SweepReport> => {
  const stacks: SweepStack[] = [];
  try {
    // One after the other: the first one synthesizes, and the others share what it made.
    for (let count = 0; count < side; count += 1) stacks.push(await startSweepStack(scenario));
    const [first] = stacks;
    if (first === undefined) throw new Error('A sweep needs a stack');
    const calm: RunResult[] = [];
    let calls: readonly Call[] = [];
    for (let count = 0; count < (scenario.calmRuns ?? 1); count += 1) {
      const name = `${scenario.name}-calm-${count}`;
      calm.push(await first.run(scenario, name));
      const made = first.calls(name);
      // What a slow machine does besides is no part of the scenario.
      if (count === 0 || made.length < calls.length) calls = made;
      if (writtenDown(calls) === readOrEmpty(golden(scenario))) break;
    }
    const written = writtenDown(calls);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden(scenario), written);
    const points = pointsOf(calls);
    const results = await sweepPoints(stacks, scenario, points);
    const isWrong = ({ point, fired, surplus, shunted, faults, most }: RunResult): boolean => {
      if (point === undefined || !fired || shunted.length > 0 || faults.length > 0) return true;
      return surplus.some((count) => count < 0 || count > most);
    };
    return {
      calm,
      calls: written,
      golden: readOrEmpty(golden(scenario)),
      points: points.length,
      runs: results.length,
      wrong: results.filter(isWrong),
      doubled: results.filter(({ surplus }) => surplus.some((count) => count > 0)).length,
    };
  } finally {
    await Promise.all(stacks.map((stack) => stack.stop()));
  }
};

/** What a sweep found. */
export interface SweepReport {
  readonly calm: readonly RunResult[];
  readonly calls: string;
  readonly golden: string;
  readonly points: number;
  readonly runs: number;
  readonly wrong: readonly RunResult[];
  /** In how many runs somebody had a copy too many; some must, or the sweep does not reach the open transaction. */
  readonly doubled: number;
}

/** What every sweep must have come to, as one value to compare. */
export const kept = (report: SweepReport) => ({
  calm: report.calm.every(
    ({ surplus, shunted, faults }) =>
      surplus.every((count) => count === 0) && shunted.length === 0 && faults.length === 0,
  ),
  sameCalls: report.calls === report.golden,
  everyPointRun: report.runs === report.points && report.points > 0,
  wrong: report.wrong,
  someDoubled: report.doubled > 0,
});

/** What {@link kept} gives for a promise that is kept. */
export const promise = { calm: true, sameCalls: true, everyPointRun: true, wrong: [], someDoubled: true };
