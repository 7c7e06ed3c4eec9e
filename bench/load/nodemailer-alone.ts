import SMTPConnection from 'nodemailer/lib/smtp-connection';

// The yardstick of the benches `post` and `deliver`: nodemailer on a few connections, each one transaction after the other, and nothing else. No
// roster, no ledger, no retry: nobody who uses it can be faster on so many connections.

/** To how many a mail goes. */
export interface AloneOrder {
  readonly port: number;
  readonly recipients: number;
  /** How many recipients a transaction has; with one, each has a sender of its own. */
  readonly batch: number;
  readonly connections?: number;
  readonly message: string;
}

const { port, recipients, batch, connections = 1, message }: AloneOrder = JSON.parse(process.argv[2] ?? '{}');
const bytes = Buffer.from(message);

const open = async (): Promise<SMTPConnection> => {
  const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true });
  await new Promise<void>((resolve, reject) => {
    connection.once('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
};

const firsts = Array.from({ length: Math.ceil(recipients / batch) }, (_, index) => index * batch).values();

const work = async (connection: SMTPConnection): Promise<void> => {
  for (const first of firsts) {
    const to = Array.from(
      { length: Math.min(batch, recipients - first) },
      (_, index) => `m${first + index}@example${(first + index) % 50}.org`,
    );
    const from =
      batch === 1 ? `ant-bounces+${to[0]?.replace('@', '=')}@example.com` : 'ant-bounces@example.com';
    await new Promise<void>((resolve, reject) => {
      connection.send({ from, to, size: bytes.length }, bytes, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
};

const all = await Promise.all(Array.from({ length: connections }, open));
const began = process.hrtime.bigint();
await Promise.all(all.map(work));
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
for (const connection of all) connection.quit();
process.stdout.write(`${JSON.stringify({ seconds })}\n`);
