import { LmtpClient } from '../gateway/lmtp-client.ts';

/** A kept connection to a mail server, over which mails are sent byte by byte as they are. */
export interface MailSession {
  /** Asks whether a recipient would be taken, and lets it be at that. */
  readonly ask: (sender: string, recipient: string) => Promise<string>;
  /** Sends one mail; gives the reply to each step that a recipient waits for: its RCPT, or the end of the data. */
  readonly send: (
    sender: string,
    recipients: readonly string[],
    content: Buffer,
    /** What follows the address in MAIL; by default that the content has 8-bit bytes. */
    options?: string,
  ) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

const stuffed = (content: Buffer): Buffer => {
  const text = content.toString('latin1').replace(/(^|\r\n)\./g, '$1..');
  return Buffer.from(text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
};

/** Opens a session; an LMTP server answers the end of the data once for each recipient, an SMTP server once for all. */
export const openSession = async (port: number, protocol: 'smtp' | 'lmtp'): Promise<MailSession> => {
  const client = await LmtpClient.open(port);
  const expect = async (reply: Promise<string>, code: string, what: string): Promise<void> => {
    const said = await reply;
    if (!said.startsWith(code)) throw new Error(`${what} was answered ${said}`);
  };
  await expect(client.reply(), '220', 'The connection');
  const hello = `${protocol === 'smtp' ? 'EHLO' : 'LHLO'} client.test`;
  await expect(client.say(hello), '250', hello);

  const ask = async (sender: string, recipient: string): Promise<string> => {
    await expect(client.say(`MAIL FROM:<${sender}>`), '250', 'MAIL');
    const reply = await client.say(`RCPT TO:<${recipient}>`);
    await expect(client.say('RSET'), '250', 'RSET');
    return reply;
  };

  const send = async (
    sender: string,
    recipients: readonly string[],
    content: Buffer,
    options = 'BODY=8BITMIME',
  ): Promise<readonly string[]> => {
    const mail = await client.say(`MAIL FROM:<${sender}> ${options}`);
    if (!mail.startsWith('250')) return recipients.map(() => mail);
    const replies: string[] = [];
    for (const recipient of recipients) replies.push(await client.say(`RCPT TO:<${recipient}>`));
    const taken = replies.flatMap((reply, index) => (reply.startsWith('250') ? [index] : []));
    if (taken.length === 0) {
      await expect(client.say('RSET'), '250', 'RSET');
      return replies;
    }
    await expect(client.say('DATA'), '354', 'DATA');
    await client.send(Buffer.concat([stuffed(content), Buffer.from('.\r\n')]));
    let last = '';
    for (const [nth, index] of taken.entries()) {
      if (nth === 0 || protocol === 'lmtp') last = await client.reply();
      replies[index] = last;
    }
    return replies;
  };

  return {
    ask,
    send,
    close: async () => {
      await client.say('QUIT');
      client.close();
    },
  };
};
