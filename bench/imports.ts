import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { functionsOf } from '../infra/local/resources/functions.ts';
import { nameResources } from '../infra/local/resources/names.ts';
import { readTemplate } from '../infra/local/template.ts';
import { assembled } from '../test/harness/stack.ts';
import { keepResults, progress, showTargets } from './report/results.ts';
import { digits, table } from './report/table.ts';

/** A start of Node is short and noisy, so that each is repeated; the least is what the code itself costs. */
const repetitions = 15;

const largest = 800_000;

/** A function's bundle. */
interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly gzipped: number;
  /** The environment without which its module cannot be loaded. */
  readonly environment: Readonly<Record<string, string>>;
}

const milliseconds = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> => {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env: { ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return performance.now() - began;
};

/** The bench `imports`: what a cold start loads. */
export const benchImports = async (): Promise<void> => {
  progress('synthesizing the template and bundling the functions');
  const template = readTemplate((await assembled()).templateDir);
  const specs = functionsOf(template, nameResources(template, 'http://127.0.0.1:9'));
  const bundles = specs.map(({ name, dir, environment }): Bundle => {
    const file = join(dir, readdirSync(dir).find((entry) => entry.endsWith('.mjs')) ?? '');
    return {
      name,
      file,
      bytes: statSync(file).size,
      gzipped: gzipSync(readFileSync(file)).length,
      environment,
    };
  });
  const workDir = mkdtempSync(join(tmpdir(), 'belfry-bench-'));
  try {
    const nothing = join(workDir, 'nothing.mjs');
    writeFileSync(nothing, '');
    const loaders = new Map(
      bundles.map(({ name, file }) => {
        const loader = join(workDir, `${name}.mjs`);
        // The time of the import itself is what a cold start pays; the process is ended before anything is connected.
        writeFileSync(loader, `await import(${JSON.stringify(pathToFileURL(file).href)}); process.exit(0);`);
        return [name, loader];
      }),
    );
    const least = new Map<string, number>();
    const note = (name: string, time: number): void => {
      least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, time));
    };
    for (let repetition = 1; repetition <= repetitions; repetition += 1) {
      progress(`repetition ${repetition} of ${repetitions}`);
      note('bare', await milliseconds([nothing], {}));
      for (const { name, environment } of bundles) {
        const loader = loaders.get(name) ?? '';
        const env = { ...environment, AWS_REGION: 'us-east-1' };
        note(name, await milliseconds([loader], env));
        const cached = { ...env, NODE_COMPILE_CACHE: join(workDir, 'compile-cache') };
        note(`${name}, cached`, await milliseconds([loader], cached));
      }
    }
    report(bundles, least);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
};

const report = (bundles: readonly Bundle[], least: ReadonlyMap<string, number>): void => {
  const bare = least.get('bare') ?? 0;
  const time = (name: string): number => least.get(name) ?? 0;
  console.log(
    `\nA start of each function's bundle: a process of Node that loads it and ends; least of ${repetitions}\n`,
  );
  console.log(
    table(
      ['function', 'kB', 'kB gzip', 'start ms', 'above bare', 'with compile cache'],
      [
        ['(bare Node)', '', '', digits(bare, 0), '', ''],
        ...bundles.map(({ name, bytes, gzipped }) => [
          name,
          digits(bytes / 1000, 0),
          digits(gzipped / 1000, 0),
          digits(time(name), 0),
          digits(time(name) - bare, 0),
          digits(time(`${name}, cached`), 0),
        ]),
      ],
    ),
  );
  const most = Math.max(...bundles.map(({ bytes }) => bytes));
  showTargets([
    {
      what: 'the largest bundle of a function',
      wanted: 'under 800 kB',
      measured: `${digits(most / 1000, 0)} kB`,
      met: most < largest,
    },
  ]);
  keepResults('imports', {
    bareMs: bare,
    functions: bundles.map(({ name, bytes, gzipped }) => ({
      name,
      bytes,
      gzipped,
      startMs: time(name),
      startCachedMs: time(`${name}, cached`),
    })),
  });
};
