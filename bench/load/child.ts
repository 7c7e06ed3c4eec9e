import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';

const script = (name: string): string => join(import.meta.dirname, name);
const run = promisify(execFile);

/** Runs a script of this folder to its end, with an order; gives what it printed last. */
export const runChild = async (name: string, order: object): Promise<unknown> => {
  const { stdout } = await run(process.execPath, [script(name), JSON.stringify(order)], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
};

/** A server in a process of its own. */
export interface ServerChild {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const readySchema = z.object({ port: z.number() });

/** Starts a server of this folder; returns when it listens. It ends with us, however we end. */
export const startServer = async (name: string): Promise<ServerChild> => {
  const child = fork(script(name), { execArgv: [] });
  const [message] = await once(child, 'message');
  const { port } = readySchema.parse(message);
  return {
    child,
    pid: child.pid ?? 0,
    port,
    stop: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
};
