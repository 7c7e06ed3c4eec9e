import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** What tools find in `.belfry/local.json`: where the local stack runs, and what it made (design, section 7). */
export const localFileSchema = z.object({
  pid: z.number(),
  region: z.string(),
  endpoints: z.object({ sqs: z.string(), s3: z.string(), dynamodb: z.string() }),
  /** host:port */
  lmtp: z.string(),
  /** The web pages that mails link to, without a slash at the end. */
  web: z.string().optional(),
  /** smtp://host:port */
  relay: z.string(),
  /** The web page of the mail catcher. */
  catcher: z.string().nullable(),
  /** The stub of Amazon SES: its API, and where it is told what to do; only with `delivery.transport` ses. */
  ses: z.object({ endpoint: z.string(), control: z.string() }).optional(),
  queueUrls: z.record(z.string(), z.string()),
  table: z.string(),
  bucket: z.string(),
  /** What the site has set otherwise than Belfry; `readSite` reads it. */
  site: z.record(z.string(), z.record(z.string(), z.unknown())),
});
export type LocalFile = z.infer<typeof localFileSchema>;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The stack that runs here already, as its file tells; undefined when there is none, or when it is gone without a word. */
export const runningStack = (file: string): LocalFile | undefined => {
  try {
    const found = localFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    return isAlive(found.pid) ? found : undefined;
  } catch {
    return undefined;
  }
};

/** Writes the file, whole or not at all. */
export const writeLocalFile = (file: string, content: LocalFile): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
};

/** Removes the file. */
export const removeLocalFile = (file: string): void => rmSync(file, { force: true });
