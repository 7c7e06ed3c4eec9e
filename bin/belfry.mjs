#!/usr/bin/env node
// The launcher of the command line. It is plain JavaScript that any Node from 20 on reads: `main.ts` needs Node 24, which the
// package brings along, and npx starts whichever Node is the machine's own.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const main = new URL('./main.ts', import.meta.url);

const runHere = async () => {
  // The AWS SDK is large; its compiled code is kept between runs.
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  await import(main.href);
};

const runUnderOwnNode = (node) => {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; the launcher waits for what the command makes of it.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`belfry: Node 24 could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (status, signal) => {
    // A shell tells a death by signal as 128 and its number.
    process.exitCode = status ?? 128 + (constants.signals[signal] ?? 0);
  });
};

const own = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
if (Number.parseInt(process.versions.node, 10) >= 24) await runHere();
else if (existsSync(own)) runUnderOwnNode(own);
else {
  process.stderr.write(`belfry: Node 24 is needed, and this is ${process.version}; npm ci brings it along\n`);
  process.exitCode = 1;
}
