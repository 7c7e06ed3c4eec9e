import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { readSite } from '../../lib/config/site.ts';
import { queueNameSchema } from '../../lib/queue/messages.ts';
import { CommandError } from '../cli/errors.ts';
import type { Place } from './connection.ts';

/** Where the local stack tells what it made, in the directory it was started in (design, section 7). */
const fileName = join('.belfry', 'local.json');

const localSchema = z.object({
  pid: z.number().int(),
  endpoints: z.object({ sqs: z.string(), s3: z.string(), dynamodb: z.string() }),
  ses: z.object({ endpoint: z.string() }).optional(),
  queueUrls: z.partialRecord(queueNameSchema, z.string()),
  table: z.string(),
  bucket: z.string(),
  region: z.string().default('us-east-1'),
  lmtp: z.string().optional(),
  site: z.unknown().default({}),
});

const isRunning = (pid: number): boolean => {
  try {
    // Signal 0 only asks whether there is such a process.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One that belongs to somebody else runs all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** The file of the local stack, looked for from a directory upward to the root of its package. */
const findFile = (from: string): string | undefined => {
  for (let directory = from; ; directory = dirname(directory)) {
    const file = join(directory, fileName);
    if (existsSync(file)) return file;
    if (existsSync(join(directory, 'package.json')) || dirname(directory) === directory) return undefined;
  }
};

/**
 * The local stack that runs here; undefined when there is none. Throws when its file cannot be read, or when it tells of a
 * stack that died: who works with a local stack does not mean the one in AWS.
 */
export const findLocalPlace = (from: string): Place | undefined => {
  const file = findFile(from);
  if (file === undefined) return undefined;
  const { pid, site, lmtp, ses, ...local } = readLocalFile(file);
  if (!isRunning(pid)) {
    throw new CommandError(
      `The local stack of ${file} does not run any more; start it with npm start, or name one in AWS with --stack`,
    );
  }
  const colon = lmtp?.lastIndexOf(':') ?? -1;
  const gateway =
    lmtp === undefined || colon === -1
      ? undefined
      : { host: lmtp.slice(0, colon), port: Number(lmtp.slice(colon + 1)) };
  const endpoints = { ...local.endpoints, ...(ses === undefined ? {} : { ses: ses.endpoint }) };
  return { kind: 'local', ...local, endpoints, site: readSite(site), gateway };
};

const readLocalFile = (file: string): z.infer<typeof localSchema> => {
  try {
    return localSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new CommandError(`${file} cannot be read: ${why}`);
  }
};
