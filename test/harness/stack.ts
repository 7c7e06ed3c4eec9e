import { createHash, randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout, mergeOverrides } from '../../infra/aws/site-file.ts';
import { type Assembly, assemble, assemblyIn } from '../../infra/local/assembly.ts';
import type { Endpoints } from '../../infra/local/emulators/start.ts';
import type { Made } from '../../infra/local/resources/outputs.ts';
import type { SesPlace } from '../../infra/local/ses.ts';
import { localOverrides, type Relay } from '../../infra/local/site-overrides.ts';
import { Stack as LocalStack } from '../../infra/local/stack.ts';
import type { Blobs } from '../../lib/blobs/blobs.ts';
import { s3Blobs } from '../../lib/blobs/s3-blobs.ts';
import { readSite, type Site, type SiteOverrides } from '../../lib/config/site.ts';
import type { Queues } from '../../lib/queue/queue.ts';
import { sqsQueues } from '../../lib/queue/sqs-queues.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { Store } from '../../lib/store/store.ts';
import { type DnsServer, startDns } from './dns.ts';

/** How a stack for a test is started. */
export interface StartStackOptions {
  /** Site settings; each new set of them costs one synthesis, which later runs share. */
  readonly config?: SiteOverrides;
  /**
   * Site settings that are laid over the template at the start, which saves its synthesis: for those that decide nothing in the template,
   * such as how the relay is spoken to.
   */
  readonly lateConfig?: SiteOverrides;
  /** More environment variables for all functions; `NODE_OPTIONS` are added to those they have. */
  readonly functionEnv?: Readonly<Record<string, string>>;
  /** More environment variables for the gateway. */
  readonly gatewayEnv?: Readonly<Record<string, string>>;
  /** More options of Node for all functions, such as `--import` of a file that watches their calls. */
  readonly nodeOptions?: string;
  /** Where mail is delivered to; without one, nobody listens there. */
  readonly relay?: Relay;
  /** An assembly made before (see {@link assembled}), whatever `config` says. */
  readonly assembly?: Assembly;
  /** False: no gateway, for tests that put messages on the queues themselves. */
  readonly lmtp?: boolean;
  /** One message in an invocation and one invocation for each queue at a time, so that calls come in one order. */
  readonly oneByOne?: boolean;
  /** Failed messages come back at once and not after their visibility time. */
  readonly redeliverAtOnce?: boolean;
  /** Where logs go; by default a temporary folder that is removed at the end. */
  readonly workDir?: string;
}

/** A stack that runs: everything of `npm start` but the mail catcher and the demo list. */
export interface Stack {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly endpoints: Endpoints;
  readonly made: Made;
  /** The stub of Amazon SES; only with `delivery.transport` ses. */
  readonly ses: SesPlace | undefined;
  readonly site: Site;
  /** The DNS that the functions ask; it knows no name until it is told to. */
  readonly dns: DnsServer;
  /** Where the web pages are, without a slash at the end; empty on a site without them. */
  readonly webUrl: string;
  /** Where the gateway listens on 127.0.0.1; 0 without a gateway. */
  readonly lmtpPort: number;
  readonly gatewayPid: () => number | undefined;
  /** How many invocations of each function were begun. */
  readonly invokeCounts: () => Readonly<Record<string, number>>;
  /** The ids of the processes of each function. */
  readonly pids: () => Readonly<Record<string, readonly number[]>>;
  /** What went wrong while it ran, as the console of `npm start` would show it. */
  readonly problems: readonly string[];
  /** Waits until nothing is on any queue, hidden and delayed messages included, and no function runs; throws after the limit. */
  readonly idle: (limitMs?: number) => Promise<void>;
  /** Calls a function as its schedule does. */
  readonly invoke: (name: string) => Promise<void>;
  /** Gives one function another environment, and returns when a process with it waits. It replaces what was given before. */
  readonly functionEnv: (name: string, env: Readonly<Record<string, string>>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The relay in the template; the real one is laid over it at the start, so that runs on other ports share the template. */
const relayInTemplate: Relay = { host: '127.0.0.1', port: 1025 };

/** All that goes into an assembly: what it is made of, and with which settings. */
const fingerprint = (site: SiteOverrides): string => {
  const hash = createHash('sha256').update(JSON.stringify(site));
  const files = globSync('{functions,lib,infra/aws,infra/local/runtime,lmtp-gateway}/**/*.{ts,json}', {
    cwd: checkout,
  });
  for (const file of ['cdk.json', 'package-lock.json', 'infra/local/assembly.ts', ...files.sort()]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(checkout, file)));
  }
  return hash.digest('hex').slice(0, 16);
};

/** Each change of a file makes new assemblies; those of other days are of no use any more. */
const removeOld = (kept: string): void => {
  for (const name of globSync('*', { cwd: kept })) {
    const dir = join(kept, name);
    const made = statSync(dir, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - made > 86_400_000) rmSync(dir, { recursive: true, force: true });
  }
};

/**
 * The assembly for some site settings: made when no run with the same settings and the same files has made it, since that
 * takes seconds.
 */
export const assembled = async (config: SiteOverrides = {}): Promise<Assembly> => {
  const site = localOverrides(config, relayInTemplate);
  const kept = join(checkout, '.belfry', 'assemblies');
  const dir = join(kept, fingerprint(site));
  if (existsSync(dir)) return assemblyIn(dir);
  removeOld(kept);
  // Made aside and moved: another test process may make the same one at the same time, and half of one is none.
  const aside = join(kept, `new-${randomUUID()}`);
  await assemble(aside, site);
  try {
    renameSync(aside, dir);
  } catch (error) {
    if (!existsSync(dir)) throw error;
    rmSync(aside, { recursive: true });
  }
  return assemblyIn(dir);
};

const untilIdle = async (stack: LocalStack, limitMs: number): Promise<void> => {
  const end = performance.now() + limitMs;
  for (;;) {
    const atWork = await stack.atWork();
    if (atWork.length === 0) return;
    if (performance.now() > end)
      throw new Error(`The stack is not idle after ${limitMs} ms: ${atWork.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Starts a stack on free ports, with its logs in a folder of its own. */
export const startStack = async (options: StartStackOptions = {}): Promise<Stack> => {
  const { config = {}, relay = relayInTemplate, nodeOptions } = options;
  const assembly = options.assembly ?? (await assembled(config));
  const workDir = options.workDir ?? mkdtempSync(join(tmpdir(), 'belfry-stack-'));
  const problems: string[] = [];
  const note = (problem: string): void => {
    problems.push(problem);
  };
  // Nothing that a test does may depend on what the world's DNS says of example.org.
  const dns = await startDns();
  const near = mergeOverrides(options.lateConfig ?? {}, { dns: { servers: [dns.address] } });
  const stack = await LocalStack.start({
    assembly,
    workDir,
    lmtp: options.lmtp === false ? undefined : '127.0.0.1:0',
    web: '127.0.0.1:0',
    relay,
    site: near,
    functionEnv: {
      ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }),
      ...options.functionEnv,
    },
    ...(options.gatewayEnv === undefined ? {} : { gatewayEnv: options.gatewayEnv }),
    oneByOne: options.oneByOne === true,
    redeliverAtOnce: options.redeliverAtOnce === true,
    progress: () => {},
    warn: note,
    lost: note,
  });
  const { clients, made, endpoints } = stack;
  return {
    store: openStore(clients.dynamo, made.table),
    blobs: s3Blobs(clients.s3, made.bucket),
    queues: sqsQueues(clients.sqs, made.queueUrls),
    endpoints,
    made,
    ses: stack.ses,
    site: readSite(mergeOverrides(localOverrides(config, relay), near)),
    dns,
    webUrl: stack.webUrl ?? '',
    lmtpPort: Number(stack.gateway?.address.split(':').at(-1) ?? 0),
    gatewayPid: () => stack.gateway?.pid,
    invokeCounts: () => stack.invokeCounts,
    pids: () => stack.pids,
    problems,
    idle: (limitMs = 20_000) => untilIdle(stack, limitMs),
    invoke: async (name) => {
      const outcome = await stack.pool(name).invoke('{}');
      if (!outcome.ok) throw new Error(`The function ${name} failed: ${outcome.reason}`);
    },
    functionEnv: (name, env) => stack.pool(name).setEnvironment(env),
    stop: async () => {
      await stack.stop();
      await dns.close();
      if (options.workDir === undefined) rmSync(workDir, { recursive: true, force: true });
    },
  };
};
