import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Who delivers in place of SES. */
export interface NextHop {
  readonly host: string;
  readonly port: number;
}

/** What the next hop said to one recipient; undefined when it took the mail. */
export interface HopReply {
  readonly recipient: string;
  readonly refused: string | undefined;
}

const patienceMs = 10_000;

const replyOf = (error: unknown): string => {
  if (error instanceof Error && 'response' in error && typeof error.response === 'string')
    return error.response;
  return `421 4.4.1 ${error instanceof Error ? error.message : String(error)}`;
};

/** Hands a mail on by SMTP, and tells what became of it for each recipient. It never throws: SES has taken the mail already. */
export const handOn = async (
  { host, port }: NextHop,
  sender: string,
  recipients: readonly string[],
  mail: Buffer,
): Promise<readonly HopReply[]> => {
  const connection = new SMTPConnection({
    host,
    port,
    ignoreTLS: true,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });
  try {
    const { rejected, rejectedErrors = [] } = await new Promise<SMTPConnection.SentMessageInfo>(
      (resolve, reject) => {
        connection.on('error', reject);
        connection.connect((failed) => {
          if (failed) reject(failed);
          else {
            connection.send({ from: sender, to: [...recipients], use8BitMime: true }, mail, (error, info) =>
              error ? reject(error) : resolve(info),
            );
          }
        });
      },
    );
    return recipients.map((recipient) => {
      const index = rejected.indexOf(recipient);
      return { recipient, refused: index < 0 ? undefined : replyOf(rejectedErrors[index]) };
    });
  } catch (error) {
    return recipients.map((recipient) => ({ recipient, refused: replyOf(error) }));
  } finally {
    connection.quit();
    connection.close();
  }
};
