import { StartError } from '../start-error.ts';
import type { RuntimeApi } from './api.ts';
import type { FunctionLog } from './function-log.ts';
import { FunctionProcess, type InvokeOutcome } from './function-process.ts';
import type { FunctionSpec } from './function-spec.ts';

export type { InvokeOutcome } from './function-process.ts';

/** What a pool is made of. */
export interface PoolSetting {
  readonly spec: FunctionSpec;
  /** How many processes there may be: the sum of the maximum concurrency of the function's event sources. */
  readonly limit: number;
  /** The whole environment of its processes. */
  readonly environment: Readonly<Record<string, string>>;
  readonly bootstrap: string;
  readonly api: RuntimeApi;
  readonly log: FunctionLog;
}

interface Waiting {
  readonly event: string;
  readonly settle: (outcome: InvokeOutcome) => void;
}

/** How long a process that dies before it ever served is left down: this, doubled each time, up to the longest. */
const firstPauseMs = 100;
const longestPauseMs = 5000;

/**
 * The processes of one function. One is kept warm, so that the first mail need not wait for it; more are started when they
 * are needed, and one that dies is started again, as Lambda would.
 */
export class FunctionPool {
  readonly #setting: PoolSetting;
  readonly #processes = new Set<FunctionProcess>();
  readonly #outdated = new Set<FunctionProcess>();
  readonly #busy = new Set<FunctionProcess>();
  #idle: FunctionProcess[] = [];
  #waiting: Waiting[] = [];
  #warm: PromiseWithResolvers<void>[] = [];
  #more: Readonly<Record<string, string>> = {};
  #failedStarts = 0;
  #pause: NodeJS.Timeout | undefined;
  #stopping = false;
  #invocations = 0;

  constructor(setting: PoolSetting) {
    this.#setting = setting;
  }

  /** How many invocations were begun. */
  get invocations(): number {
    return this.#invocations;
  }

  /** How many run or wait for a process. */
  get busy(): number {
    return this.#busy.size + this.#waiting.length;
  }

  /** The ids of the processes that live. */
  get pids(): readonly number[] {
    return [...this.#processes].flatMap(({ pid }) => pid ?? []);
  }

  /**
   * Starts the first process; returns when it waits for an invocation.
   * @throws StartError when the function cannot be loaded.
   */
  async start(): Promise<void> {
    const ready = this.#oneIdle();
    this.#keepUp();
    await ready;
  }

  /** Runs the function once. Never throws: what goes wrong is in the outcome. */
  invoke(event: string): Promise<InvokeOutcome> {
    return new Promise((settle) => {
      this.#waiting.push({ event, settle });
      this.#keepUp();
    });
  }

  /**
   * Replaces what is in the environment besides the template's variables, for processes that start from now on. Idle ones are
   * replaced at once, busy ones when they have ended what they do. Returns when a new one waits for an invocation.
   */
  async setEnvironment(more: Readonly<Record<string, string>>): Promise<void> {
    this.#more = more;
    for (const process of this.#processes) this.#outdated.add(process);
    const idle = this.#idle;
    this.#idle = [];
    const ready = this.#oneIdle();
    await Promise.all(idle.map((process) => process.end()));
    this.#keepUp();
    await ready;
  }

  /** Ends every process, also those that are busy. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#pause);
    for (const { settle } of this.#waiting) settle({ ok: false, reason: 'The stack stops' });
    this.#waiting = [];
    await Promise.all([...this.#processes].map((process) => process.end()));
  }

  #oneIdle(): Promise<void> {
    const warm = Promise.withResolvers<void>();
    this.#warm.push(warm);
    return warm.promise;
  }

  /** Hands waiting invocations to idle processes, and starts a process when one is missing. */
  #keepUp(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) this.#run();
    if (this.#stopping || this.#pause !== undefined) return;
    const starting = this.#processes.size - this.#idle.length - this.#busy.size;
    const wanted = Math.max(this.#waiting.length - starting, this.#processes.size === 0 ? 1 : 0);
    const room = this.#setting.limit - this.#processes.size;
    for (let i = 0; i < Math.min(wanted, room); i += 1) this.#startOne();
  }

  #run(): void {
    const process = this.#idle.pop();
    const next = this.#waiting.shift();
    if (process === undefined || next === undefined) return;
    this.#busy.add(process);
    this.#invocations += 1;
    void process.invoke(next.event).then((outcome) => {
      this.#busy.delete(process);
      next.settle(outcome);
    });
  }

  #startOne(): void {
    const { spec, environment, bootstrap, api, log } = this.#setting;
    this.#processes.add(
      new FunctionProcess({
        spec,
        bootstrap,
        api,
        log,
        environment: withNodeOptions(environment, this.#more),
        listener: {
          idle: (process) => this.#becomesIdle(process),
          ended: (process, served) => this.#ended(process, served),
        },
      }),
    );
  }

  #becomesIdle(process: FunctionProcess): void {
    if (this.#outdated.has(process)) {
      process.kill();
      return;
    }
    this.#failedStarts = 0;
    this.#idle.push(process);
    for (const { resolve } of this.#warm.splice(0)) resolve();
    this.#keepUp();
  }

  #ended(process: FunctionProcess, served: boolean): void {
    this.#processes.delete(process);
    this.#outdated.delete(process);
    this.#busy.delete(process);
    this.#idle = this.#idle.filter((other) => other !== process);
    if (this.#stopping) return;
    if (served || this.#pause !== undefined) {
      this.#keepUp();
      return;
    }
    for (const { reject } of this.#warm.splice(0)) {
      reject(new StartError(`The function ${this.#setting.spec.name} cannot be loaded; its log tells why`));
    }
    // A function that cannot be loaded fails those who wait for it, as on Lambda; their messages come back later.
    for (const { settle } of this.#waiting) settle({ ok: false, reason: 'The function cannot be loaded' });
    this.#waiting = [];
    this.#pause = setTimeout(
      () => {
        this.#pause = undefined;
        this.#keepUp();
      },
      Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failedStarts),
    );
    this.#failedStarts += 1;
  }
}

/** Joins what is added to the environment with it; options of Node are added to those that are there. */
const withNodeOptions = (
  environment: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>>,
): Record<string, string> => {
  const options = [environment.NODE_OPTIONS, more.NODE_OPTIONS].filter(Boolean).join(' ');
  return { ...environment, ...more, ...(options === '' ? {} : { NODE_OPTIONS: options }) };
};
