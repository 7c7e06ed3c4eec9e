import { LmtpClient } from '../gateway/lmtp-client.ts';

/** How long a mail server goes on trying before the test calls it lost. */
const limitMs = 30_000;

const tryOnce = async (
  port: number,
  sender: string,
  recipients: readonly string[],
  content: string,
): Promise<readonly string[]> => {
  const client = await LmtpClient.open(port);
  try {
    await client.reply();
    if (!(await client.say('LHLO mta.example.org')).startsWith('250')) return recipients;
    const replies = await client.mail(sender, recipients, content);
    return recipients.filter((_, index) => !replies[index]?.startsWith('250'));
  } finally {
    client.close();
  }
};

/**
 * Hands a mail over as a mail server does: whoever has no 250 is tried again, with the same bytes, until everybody has one.
 * A connection that breaks leaves everybody without.
 */
export const deliverLikeAnMta = async (
  port: () => number,
  sender: string,
  recipients: readonly string[],
  content: string,
): Promise<void> => {
  const end = Date.now() + limitMs;
  let left = recipients;
  while (left.length > 0) {
    if (Date.now() > end) throw new Error(`The gateway never accepted the mail for ${left.join(', ')}`);
    left = await tryOnce(port(), sender, left, content).catch(() => left);
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
