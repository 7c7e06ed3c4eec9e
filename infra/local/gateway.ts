import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { gatewayNodeFlags } from '../../lmtp-gateway/bundle.ts';
import { ended } from './companion.ts';
import type { FunctionLog } from './runtime/function-log.ts';
import { StartError } from './start-error.ts';

const listeningSchema = z.object({ listening: z.looseObject({ lmtp: z.string() }) });

/** How long the gateway may take to end its sessions when the stack stops. */
const graceMs = 3000;

/** How long a gateway that died is left down. */
const pauseMs = 200;

/** What the gateway is run with. */
export interface GatewaySetting {
  readonly bundleDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where it listens; port 0 is any free one. */
  readonly address: string;
  readonly log: FunctionLog;
}

/** The process of the gateway: started again when it dies, at the same address. */
export class Gateway {
  readonly #setting: GatewaySetting;
  #address: string;
  #child: ChildProcess | undefined;
  #stopping = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(setting: GatewaySetting) {
    this.#setting = setting;
    this.#address = setting.address;
  }

  /** Where it listens, as host:port. */
  get address(): string {
    return this.#address;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it; returns when it listens. */
  start(): Promise<void> {
    const { bundleDir, environment, log } = this.#setting;
    const watch = join(import.meta.dirname, 'end-with-parent.ts');
    const child = spawn(
      process.execPath,
      [...gatewayNodeFlags, '--import', watch, join(bundleDir, 'main.mjs')],
      {
        env: { ...environment, BELFRY_LMTP: this.#address },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    this.#child = child;
    return new Promise((resolve, reject) => {
      if (child.stdout !== null && child.stderr !== null) {
        log.follow(child.stdout, child.stderr);
        createInterface({ input: child.stdout }).on('line', (line) => {
          const said = listeningSchema.safeParse(jsonOf(line));
          if (!said.success) return;
          this.#address = said.data.listening.lmtp;
          resolve();
        });
      }
      child.once('error', reject);
      child.once('close', (code, signal) => {
        reject(new StartError(`The gateway ended with ${signal ?? `exit status ${code}`}`));
        this.#startAgain(`The gateway ended with ${signal ?? `exit status ${code}`}; it is started again`);
      });
    });
  }

  /** Asks it to end its sessions, and ends it when that takes too long. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#pause);
    const child = this.#child;
    if (child === undefined) return;
    const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended(child, 'SIGTERM');
    clearTimeout(killer);
  }

  #startAgain(why: string): void {
    if (this.#stopping) return;
    this.#setting.log.problem(why);
    // The first start is awaited by the stack, which reports what went wrong; later ones report themselves.
    this.#pause = setTimeout(() => this.start().catch(() => undefined), pauseMs);
  }
}

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
