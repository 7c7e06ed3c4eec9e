import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Debian keeps the programs of administrators where the path of other users does not lead.
const program = ['/usr/sbin/smtp-source', '/usr/bin/smtp-source', '/usr/local/sbin/smtp-source'].find(
  (file) => existsSync(file),
);

/** What Postfix's load generator is to send. */
export interface SourceOrder {
  readonly port: number;
  readonly recipients: number;
  /** How many recipients a transaction has. */
  readonly batch: number;
  readonly connections: number;
  readonly bytes: number;
}

/** How many seconds Postfix's `smtp-source` takes, which keeps its connections and does not pipeline; undefined where it is not installed. */
export const smtpSource = async (order: SourceOrder): Promise<number | undefined> => {
  if (program === undefined) return undefined;
  const { port, recipients, batch, connections, bytes } = order;
  const words = { s: connections, m: Math.ceil(recipients / batch), r: batch, l: bytes };
  const options = Object.entries(words).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const began = process.hrtime.bigint();
  await run(program, [
    '-d',
    ...options,
    '-f',
    'ant-bounces@example.com',
    '-t',
    'm@example.org',
    `127.0.0.1:${port}`,
  ]);
  return Number(process.hrtime.bigint() - began) / 1e9;
};
