import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalFile, localFileSchema } from '../../infra/local/local-file.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { readSite, type SiteOverrides } from '../../lib/config/site.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { addMembers } from '../../lib/members/add-members.ts';
import { openStore } from '../../lib/store/dynamo-store.ts';
import type { Store } from '../../lib/store/store.ts';

/** The root of this checkout. */
export const checkout = resolve(import.meta.dirname, '../..');

/** A whole local stack, as `npm start` runs it, in a folder of its own. */
export interface RunningStack {
  readonly lmtpPort: number;
  readonly store: Store;
  readonly makeList: (
    fqdn: string,
    members: readonly string[],
    settings?: Readonly<Record<string, unknown>>,
  ) => Promise<MailingList>;
  /** Waits until every queue is empty; fails, with what is left, when that takes too long. */
  readonly quiet: (limitMs?: number) => Promise<void>;
  /** What `npm start` has printed. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** What is wished of the stack. */
export interface StackWishes {
  /** The port of the relay, on the loopback. */
  readonly relayPort: number;
  readonly site?: SiteOverrides;
}

const startLimitMs = 60_000;
const account = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Waits for the line that says the stack is ready; an end before that is told with all that was printed. */
const ready = async (child: ChildProcess, output: () => string): Promise<void> => {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`The stack did not start:\n${output()}`)), startLimitMs);
  child.stdout?.on('data', () => {
    if (output().includes('Belfry is ready')) done();
  });
  child.once('close', () => reject(new Error(`The stack ended:\n${output()}`)));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
};

/** Starts a stack; its folder keeps its contract file away from a stack that somebody else runs in this checkout. */
export const startStack = async ({ relayPort, site = {} }: StackWishes): Promise<RunningStack> => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-e2e-'));
  const config = join(folder, 'site.json');
  writeFileSync(config, JSON.stringify(site));
  const child = spawn(process.execPath, [join(checkout, 'infra/local/main.ts')], {
    cwd: folder,
    env: {
      ...process.env,
      BELFRY_LMTP: '127.0.0.1:0',
      BELFRY_RELAY: `smtp://127.0.0.1:${relayPort}`,
      BELFRY_DEMO: '0',
      BELFRY_CONFIG: config,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const hear = (part: Buffer): void => {
    printed += part.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);

  let local: LocalFile;
  try {
    await ready(child, () => printed);
    local = localFileSchema.parse(JSON.parse(readFileSync(join(folder, '.belfry/local.json'), 'utf8')));
  } catch (error) {
    await end(child);
    rmSync(folder, { recursive: true });
    throw error;
  }
  const dynamo = new DynamoDBClient({ ...account, endpoint: local.endpoints.dynamodb });
  const sqs = new SQSClient({ ...account, endpoint: local.endpoints.sqs });
  const store = openStore(dynamo, local.table);

  const waiting = async (): Promise<readonly string[]> => {
    const counts = Object.entries(local.queueUrls).map(async ([name, QueueUrl]) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      );
      const count = Object.values(Attributes).reduce((sum, one) => sum + Number(one), 0);
      return count === 0 ? [] : [`${count} on ${name}`];
    });
    return (await Promise.all(counts)).flat();
  };

  return {
    lmtpPort: Number(local.lmtp.slice(local.lmtp.lastIndexOf(':') + 1)),
    store,
    makeList: async (fqdn, members, settings = {}) => {
      const context = { store, clock: systemClock };
      const list = await createList(fqdn, { ...context, site: readSite(local.site) }, { settings });
      await addMembers(context, list, members);
      return list;
    },
    quiet: async (limitMs = 60_000) => {
      const until = performance.now() + limitMs;
      // A function sends on before its own message is acknowledged, so there is no moment at which a mail is on no queue;
      // but the queues are counted one after the other, and a mail may go from one not yet counted to one counted before.
      for (let emptySince = 0; emptySince < 2; ) {
        const left = await waiting();
        if (performance.now() > until) throw new Error(`The stack is not done: ${left.join(', ')}`);
        emptySince = left.length === 0 ? emptySince + 1 : 0;
        await delay(100);
      }
    },
    output: () => printed,
    stop: async () => {
      dynamo.destroy();
      sqs.destroy();
      await end(child);
      rmSync(folder, { recursive: true });
    },
  };
};
