import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Invocation, RuntimeApi } from './api.ts';
import type { FunctionLog } from './function-log.ts';
import type { FunctionSpec } from './function-spec.ts';

/** What became of one invocation: what the function returned, or why it failed. */
export type InvokeOutcome =
  | { readonly ok: true; readonly response: string }
  | { readonly ok: false; readonly reason: string };

/** What the pool is told about one process. */
export interface ProcessListener {
  readonly idle: (process: FunctionProcess) => void;
  /** It is gone, whoever ended it; `served` tells whether it ever got as far as to wait for an invocation. */
  readonly ended: (process: FunctionProcess, served: boolean) => void;
}

/** What every process of a function needs. */
export interface ProcessSetting {
  readonly spec: FunctionSpec;
  readonly environment: Readonly<Record<string, string>>;
  /** The bootstrap, ready to run. */
  readonly bootstrap: string;
  readonly api: RuntimeApi;
  readonly log: FunctionLog;
  readonly listener: ProcessListener;
}

interface Running {
  readonly requestId: string;
  readonly settle: (outcome: InvokeOutcome) => void;
  readonly timer: NodeJS.Timeout;
}

/** Lambda gives a function 10 s to load, on top of its own time limit ("Lambda execution environment lifecycle"). */
const initLimitMs = 10_000;

/** One process of a function: what Lambda calls an execution environment. It runs one invocation at a time. */
export class FunctionProcess {
  readonly #setting: ProcessSetting;
  readonly #child: ChildProcess;
  readonly #id = randomUUID();
  readonly #initTimer: NodeJS.Timeout;
  #give: ((invocation: Invocation) => void) | undefined;
  #running: Running | undefined;
  #served = false;
  #said = '';

  constructor(setting: ProcessSetting) {
    this.#setting = setting;
    const { spec, bootstrap, api, log } = setting;
    const address = api.add(this.#id, {
      waits: (give) => this.#waits(give),
      responded: (requestId, response) => this.#settle(requestId, { ok: true, response }),
      failed: (requestId, error) => {
        log.problem(`The invocation ${requestId} failed: ${error}`);
        this.#settle(requestId, { ok: false, reason: error });
      },
      couldNotStart: (error) => {
        this.#said = ` It could not be loaded: ${error}`;
      },
    });
    this.#child = spawn(process.execPath, [bootstrap, spec.name], {
      cwd: spec.dir,
      env: { ...setting.environment, AWS_LAMBDA_RUNTIME_API: address },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.#child;
    if (stdout !== null && stderr !== null) log.follow(stdout, stderr);
    this.#initTimer = setTimeout(() => this.kill(), initLimitMs);
    this.#child.once('error', (error) => log.problem(`${spec.name} cannot be started: ${error.message}`));
    this.#child.once('close', (code, signal) => this.#ended(signal ?? `exit status ${code}`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Runs an invocation in this idle process. Never throws: what goes wrong is in the outcome. */
  invoke(event: string): Promise<InvokeOutcome> {
    const give = this.#give;
    const { spec, log } = this.#setting;
    if (give === undefined) return Promise.resolve({ ok: false, reason: `${spec.name} is not idle` });
    this.#give = undefined;
    return new Promise((settle) => {
      const requestId = randomUUID();
      const timer = setTimeout(() => {
        log.problem(`${requestId} Task timed out after ${(spec.timeoutMs / 1000).toFixed(2)} seconds`);
        this.kill();
      }, spec.timeoutMs);
      this.#running = { requestId, settle, timer };
      give({ requestId, event, deadline: Date.now() + spec.timeoutMs, functionArn: spec.arn });
    });
  }

  /** Ends the process at once, as Lambda does with one that is over its time. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends the process and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'close');
    this.kill();
    await gone;
  }

  #waits(give: (invocation: Invocation) => void): void {
    clearTimeout(this.#initTimer);
    this.#served = true;
    this.#give = give;
    this.#setting.listener.idle(this);
  }

  #settle(requestId: string, outcome: InvokeOutcome): void {
    if (this.#running?.requestId !== requestId) return;
    const { settle, timer } = this.#running;
    this.#running = undefined;
    clearTimeout(timer);
    settle(outcome);
  }

  #ended(how: string): void {
    clearTimeout(this.#initTimer);
    this.#give = undefined;
    this.#setting.api.remove(this.#id);
    const reason = `${this.#setting.spec.name} ended with ${how}.${this.#said}`;
    if (this.#running !== undefined) {
      this.#setting.log.problem(`${this.#running.requestId} ${reason}`);
      this.#settle(this.#running.requestId, { ok: false, reason });
    } else if (!this.#served) this.#setting.log.problem(reason);
    this.#setting.listener.ended(this, this.#served);
  }
}
