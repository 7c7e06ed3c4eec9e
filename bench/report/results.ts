import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join, relative } from 'node:path';

const folder = join(import.meta.dirname, '../results');

/** Keeps what a bench measured as JSON, with what machine it was, and says where. */
export const keepResults = (name: string, results: object): void => {
  const file = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    // Others who work on the machine at the same time make every time longer.
    load: loadavg(),
  };
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), machine, ...results }, undefined, 2)}\n`,
  );
  console.log(`\nAll figures: ${relative(process.cwd(), file)}\n`);
};

/** Says what is going on; on standard error, so that the table can be piped on. */
export const progress = (step: string): void => {
  process.stderr.write(`  ${step}\n`);
};

/** What was measured beside what is wanted. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** Prints the targets, each with whether it is met. */
export const showTargets = (targets: readonly Target[]): void => {
  console.log('');
  for (const { what, wanted, measured, met } of targets) {
    console.log(`${met ? 'met   ' : 'MISSED'}  ${what}: wanted ${wanted}, measured ${measured}`);
  }
};
