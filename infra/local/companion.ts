import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { StartError } from './start-error.ts';

/** A process that stands by the stack for as long as it runs: an emulator, or the mail catcher. */
export interface Companion<T> {
  /** What it said when it was ready. */
  readonly ready: T;
  readonly stop: () => Promise<void>;
}

/** What a companion says when it is ready. */
export const portSchema = z.object({ port: z.number() });

/** Ends a process, at once, and waits until it is gone. */
export const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
};

/**
 * Starts a companion and waits for what it says.
 * @param lost is told when it ends before it is stopped.
 */
export const startCompanion = async <T>(
  script: string,
  schema: z.ZodType<T>,
  lost: (problem: string) => void,
  args: readonly string[] = [],
): Promise<Companion<T>> => {
  const child = fork(script, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [], env: {} });
  let stopping = false;
  const early = once(child, 'exit').then(() => {
    throw new StartError(`${script} ended before it was ready`);
  });
  const [message] = await Promise.race([once(child, 'message'), early]);
  early.catch(() => {
    if (!stopping) lost(`${script} has ended`);
  });
  return {
    ready: schema.parse(message),
    stop: async () => {
      stopping = true;
      // What companions hold is in memory and ends with them; there is nothing to finish.
      await ended(child, 'SIGKILL');
    },
  };
};
