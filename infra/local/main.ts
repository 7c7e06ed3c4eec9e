import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stop as stopEsbuild } from 'esbuild';
import { readSite } from '../../lib/config/site.ts';
import { SettingError } from '../../lib/settings/setting.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import { assemble } from './assembly.ts';
import { startCatcher } from './catcher.ts';
import { domainToTry, makeDemoList } from './demo-list.ts';
import { removeLocalFile, runningStack, writeLocalFile } from './local-file.ts';
import { region } from './names.ts';
import { localOverrides, type Relay } from './site-overrides.ts';
import { Stack } from './stack.ts';
import { StartError } from './start-error.ts';
import { TemplateError } from './template.ts';
import { whatToTry } from './what-to-try.ts';
import { checkFree, readWishes } from './wishes.ts';

// `npm start`: everything that the template declares, on this machine, until Ctrl-C.

/** The relay of the template when mail is caught; the catcher's port is known only when it runs. */
const catcherInTemplate: Relay = { host: '127.0.0.1', port: 1025 };

/** npm passes on the Ctrl-C that the terminal has sent already; what comes so soon is the same wish. */
const sameSignalMs = 1000;

/** How soon it is seen that npm is gone. */
const parentCheckMs = 200;

const workDir = join(process.cwd(), '.belfry');
const mailDir = join(workDir, 'mails');
const localFile = join(workDir, 'local.json');

const began = performance.now();
const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1).padStart(4)} s`;
const progress = (step: string): void => console.log(`${seconds()}  ${step}`);
const warn = (problem: string): void => console.error(`${seconds()}  ! ${problem}`);

/** What has been started, the last first. */
const toStop: (() => Promise<void>)[] = [];
let ending: Promise<never> | undefined;

const end = (status: number): Promise<never> => {
  ending ??= (async () => {
    for (const stop of toStop) await stop();
    process.exit(status);
  })();
  return ending;
};

const lost = (problem: string): void => {
  if (ending !== undefined) return;
  console.error(`belfry: ${problem}; the local stack ends`);
  void end(1);
};

let firstSignal: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (firstSignal === undefined) {
      firstSignal = performance.now();
      progress('stopping');
      void end(0);
    } else if (performance.now() - firstSignal > sameSignalMs) process.kill(process.pid, 'SIGKILL');
  });
}

// `npm start` runs this under a shell, which dies of a SIGTERM to npm and passes nothing on; then nobody is left who could end it.
if (process.env.npm_lifecycle_event === 'start') {
  const { ppid } = process;
  const watch = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(watch);
    void end(0);
  }, parentCheckMs);
  watch.unref();
}

/** @throws StartError when nothing can be written where all of it goes. */
const makeWorkDir = (): void => {
  try {
    mkdirSync(join(workDir, 'run'), { recursive: true });
  } catch (error) {
    throw new StartError(
      `Belfry cannot write to ${workDir}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

const start = async (): Promise<void> => {
  const wishes = readWishes(process.env);
  const other = runningStack(localFile);
  if (other !== undefined) {
    throw new StartError(
      `A local stack runs here already (process ${other.pid}); end it, or start in another checkout`,
    );
  }
  await checkFree(wishes.lmtp, 'BELFRY_LMTP');
  await checkFree(wishes.web, 'BELFRY_WEB');
  makeWorkDir();
  removeLocalFile(localFile);
  for (const old of [join(workDir, 'log'), mailDir]) rmSync(old, { recursive: true, force: true });

  progress('synthesizing the template and bundling the functions');
  const overrides = localOverrides(wishes.config, wishes.relay ?? catcherInTemplate);
  // What is wrong with the settings is told at once, and not when the template is half made.
  readSite(overrides);
  const [assembly, catcher] = await Promise.all([
    assemble(join(workDir, 'run'), overrides),
    wishes.relay === undefined ? startCatcher(mailDir, lost) : undefined,
  ]);
  if (catcher !== undefined) toStop.unshift(catcher.stop);
  // Its service is a process of its own, and all is bundled.
  await stopEsbuild();
  const relay = wishes.relay ?? catcher?.relay ?? catcherInTemplate;
  const site = localOverrides(wishes.config, relay);

  const stack = await Stack.start({
    assembly,
    workDir,
    lmtp: `${wishes.lmtp.host}:${wishes.lmtp.port}`,
    web: `${wishes.web.host}:${wishes.web.port}`,
    relay,
    progress,
    warn,
    lost,
  });
  toStop.unshift(() => stack.stop());
  const lmtp = stack.gateway?.address ?? '';
  if (wishes.demo) {
    progress('making the demo list');
    await makeDemoList(openStore(stack.clients.dynamo, stack.made.table), readSite(site));
  }
  if (ending !== undefined) return;
  // Only now, since another stack may run here, and its file is not ours to remove.
  toStop.unshift(async () => removeLocalFile(localFile));
  writeLocalFile(localFile, {
    pid: process.pid,
    region,
    endpoints: stack.endpoints,
    lmtp,
    ...(stack.webUrl === undefined ? {} : { web: stack.webUrl }),
    relay: `smtp://${relay.host}:${relay.port}`,
    catcher: catcher?.web ?? null,
    ...(stack.ses === undefined ? {} : { ses: { endpoint: stack.ses.endpoint, control: stack.ses.control } }),
    ...stack.made,
    site,
  });
  progress('Belfry is ready');
  console.log(
    whatToTry({
      lmtp,
      web: stack.webUrl,
      relay,
      catcher: catcher?.web,
      demo: wishes.demo,
      domain: domainToTry(readSite(site)),
      ses: stack.ses,
    }),
  );
};

try {
  await start();
} catch (error) {
  if (ending === undefined) {
    const told =
      error instanceof StartError || error instanceof SettingError || error instanceof TemplateError;
    console.error('belfry:', told ? error.message : error);
  }
  await end(1);
}
