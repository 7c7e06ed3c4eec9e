import { childrenOf, usageOf } from './processes.ts';

/** Milliseconds of processor time by the kind of process. */
export type Spent = Readonly<Record<string, number>>;

/** Processor time used so far, by process. */
export type CpuNow = ReadonlyMap<number, { readonly name: string; readonly seconds: number }>;

// What stands in the command lines of the processes of a stack, and how they are called in the tables.
const kinds: readonly (readonly [RegExp, string])[] = [
  [/emulators\/sqs-s3/, 'sqs+s3'],
  [/emulators\/dynamodb/, 'dynamodb'],
  [/gateway\/main/, 'gateway'],
  [/bare-lmtp/, 'bare'],
  [/sink\.ts/, 'sink'],
  [/bootstrap\.mjs (\S+)/, 'function'],
];

const kindOf = (command: string): string => {
  for (const [pattern, name] of kinds) {
    const found = pattern.exec(command);
    if (found !== null) return found[1] ?? name;
  }
  return 'other';
};

/** The processor time of a process and of its children, up to now. */
export const cpuOf = (pid: number): CpuNow =>
  new Map([
    [pid, { name: 'stack', seconds: usageOf(pid).cpuSeconds }],
    ...childrenOf(pid).flatMap((child) => {
      try {
        return [
          [child.pid, { name: kindOf(child.command), seconds: usageOf(child.pid).cpuSeconds }] as const,
        ];
      } catch {
        // It has ended while we looked.
        return [];
      }
    }),
  ]);

/** What was spent between two looks, in milliseconds for each of so many things done. */
export const sinceThen = (before: CpuNow, after: CpuNow, count: number): Spent => {
  const spent: Record<string, number> = {};
  for (const [pid, { name, seconds }] of after) {
    const used = ((seconds - (before.get(pid)?.seconds ?? 0)) * 1000) / count;
    if (used > 0) spent[name] = (spent[name] ?? 0) + used;
  }
  return spent;
};
