import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Emulators, startEmulators } from '../harness/emulators.ts';

/** What a command came to. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line beside running emulators, as in a checkout in which `npm start` runs. */
export interface Belfry {
  readonly emulators: Emulators;
  /** The directory in which commands run; `.belfry/local.json` is in it. */
  readonly directory: string;
  readonly run: (args: readonly string[], input?: string | Buffer) => Promise<Ran>;
  readonly close: () => Promise<void>;
}

/** What `npx belfry` starts. */
export const launcher = join(import.meta.dirname, '../../bin/belfry.mjs');

/** Runs the command line in a directory, as a user's shell does. */
export const runIn = async (
  directory: string,
  args: readonly string[],
  input: string | Buffer = '',
  { node = process.execPath, env = {} }: { readonly node?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> => {
  // No credentials and no region of whoever runs the tests, and none of the machine: nothing must reach AWS.
  const { PATH, HOME } = process.env;
  const child = spawn(node, [launcher, ...args], {
    cwd: directory,
    env: { PATH, HOME, AWS_CONFIG_FILE: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true', ...env },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // A command that fails early does not read its input.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, stdout, stderr };
};

/** An empty directory of its own. */
export const emptyDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'belfry-cli-'));

/** Starts emulators, and writes the file by which the command line finds them. */
export const startBelfry = async (): Promise<Belfry> => {
  const [emulators, directory] = await Promise.all([startEmulators(), emptyDirectory()]);
  const { endpoint, dynamoEndpoint, queueUrls, table, bucket } = emulators;
  await mkdir(join(directory, '.belfry'));
  await writeFile(
    join(directory, '.belfry', 'local.json'),
    JSON.stringify({
      pid: process.pid,
      region: 'us-east-1',
      endpoints: { sqs: endpoint, s3: endpoint, dynamodb: dynamoEndpoint },
      // Nothing listens on port 1, so that no gateway of another stack on this machine is met.
      lmtp: '127.0.0.1:1',
      queueUrls,
      table,
      bucket,
      site: { mailman: { site_owner: 'owner@example.com' } },
    }),
  );
  return {
    emulators,
    directory,
    run: (args, input) => runIn(directory, args, input),
    close: async () => {
      await emulators.close();
      await rm(directory, { recursive: true });
    },
  };
};
