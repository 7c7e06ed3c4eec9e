import SMTPConnection from 'nodemailer/lib/smtp-connection';

// The yardstick of the bench `post`: nodemailer on one connection, one transaction of 100 recipients after the other, and nothing
// else. No roster, no ledger, no retry: nobody who uses it can be faster on one connection.

/** To how many a mail goes. */
export interface AloneOrder {
  readonly port: number;
  readonly recipients: number;
  readonly batch: number;
  readonly message: string;
}

const { port, recipients, batch, message }: AloneOrder = JSON.parse(process.argv[2] ?? '{}');
const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true });
await new Promise<void>((resolve, reject) => {
  connection.once('error', reject);
  connection.connect((error) => (error ? reject(error) : resolve()));
});
const bytes = Buffer.from(message);
const began = process.hrtime.bigint();
for (let first = 0; first < recipients; first += batch) {
  const to = Array.from(
    { length: Math.min(batch, recipients - first) },
    (_, index) => `m${first + index}@example${(first + index) % 50}.org`,
  );
  await new Promise<void>((resolve, reject) => {
    connection.send({ from: 'ant-bounces@example.com', to, size: bytes.length }, bytes, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
connection.quit();
process.stdout.write(`${JSON.stringify({ seconds })}\n`);
