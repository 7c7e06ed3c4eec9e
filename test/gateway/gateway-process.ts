import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { variables } from '../../lib/config/environment.ts';
import type { SiteOverrides } from '../../lib/config/site.ts';
import { queueNames } from '../../lib/queue/names.ts';
import { bundleGateway, gatewayNodeFlags } from '../../lmtp-gateway/bundle.ts';
import type { Emulators } from '../harness/emulators.ts';

/** The gateway's bundle in a process of its own, as it runs in the container. */
export interface GatewayProcess {
  readonly port: number;
  readonly healthPort: number;
  /** The most memory that the process has had, in bytes. */
  readonly peakMemory: () => number;
  readonly signal: (name: NodeJS.Signals) => void;
  /** The exit status, when the process has ended. */
  readonly exited: Promise<number | null>;
  /** Ends it at once, and removes the bundle. */
  readonly close: () => Promise<void>;
}

const ports = async (child: ChildProcess): Promise<readonly [number, number]> => {
  if (child.stdout === null) throw new Error('The gateway has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, lmtp, health] = /"listening":\{"lmtp":"[^"]*:(\d+)","health":"[^"]*:(\d+)"/.exec(line) ?? [];
    if (lmtp !== undefined && health !== undefined) return [Number(lmtp), Number(health)];
  }
  throw new Error('The gateway ended before it listened');
};

/** Bundles the gateway and starts it, on the emulators but for what `environment` says. */
export const startGatewayProcess = async (
  emulators: Emulators,
  site: SiteOverrides,
  environment: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'belfry-gateway-'));
  await bundleGateway(folder);
  const child = spawn(process.execPath, [...gatewayNodeFlags, join(folder, 'main.mjs')], {
    env: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_S3: emulators.endpoint,
      AWS_ENDPOINT_URL_SQS: emulators.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: emulators.dynamoEndpoint,
      BELFRY_TABLE: emulators.table,
      BELFRY_BUCKET: emulators.bucket,
      ...Object.fromEntries(queueNames.map((name) => [variables.queue(name), emulators.queueUrls[name]])),
      BELFRY_LMTP: '127.0.0.1:0',
      BELFRY_SITE: JSON.stringify({ ...site, gateway: { health_port: 0, ...site.gateway } }),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  const [port, healthPort] = await ports(child);
  // What it logs from here on is nobody's concern, but the pipe must not fill up.
  child.stdout.resume();
  return {
    port,
    healthPort,
    peakMemory: () => {
      const [, kilobytes = ''] =
        /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      return Number(kilobytes) * 1024;
    },
    signal: (name) => child.kill(name),
    exited,
    close: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
};
