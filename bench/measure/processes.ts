import { readdirSync, readFileSync } from 'node:fs';

// USER_HZ, in which the kernel tells the times of a process, is 100 on every Linux that Node runs on (proc(5), sysconf(3)).
const ticksPerSecond = 100;

/** What one process has used since it was started. */
export interface Usage {
  /** User and system time, in seconds. */
  readonly cpuSeconds: number;
  /** The most memory it ever had in RAM, in bytes. */
  readonly peakBytes: number;
}

const statOf = (pid: number): readonly string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in parentheses and may hold anything; what follows are numbers (proc(5)).
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** What a process that runs has used so far. */
export const usageOf = (pid: number): Usage => {
  const fields = statOf(pid);
  // Fields 14 and 15 of the file; the third is the first after the name.
  const ticks = Number(fields[11]) + Number(fields[12]);
  const [, peak = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { cpuSeconds: ticks / ticksPerSecond, peakBytes: Number(peak) * 1024 };
};

/** The processes that a process has started and that still run, with their command lines. */
export const childrenOf = (parent: number): readonly { readonly pid: number; readonly command: string }[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .flatMap((pid) => {
      try {
        if (Number(statOf(pid)[1]) !== parent) return [];
        return [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
      } catch {
        // It has ended while we looked.
        return [];
      }
    });
