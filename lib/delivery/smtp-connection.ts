import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Site } from '../config/site.ts';

/** The user and password of the relay. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** A relay, and how to speak with it. */
export interface Relay {
  readonly mta: Pick<
    Site['mta'],
    'smtp_host' | 'smtp_port' | 'smtp_secure_mode' | 'smtp_verify_cert' | 'smtp_verify_hostname'
  >;
  readonly delivery: Pick<Site['delivery'], 'reply_timeout' | 'dot_timeout'>;
  readonly credentials: Credentials | undefined;
}

/** What nodemailer tells of one transaction. It notes replies on the envelope object that it is given. */
export interface SentEnvelope {
  readonly from: string;
  readonly to: string[];
  readonly size: number;
  readonly use8BitMime: boolean;
  readonly accepted?: readonly string[];
  readonly rejectedErrors?: readonly SmtpFault[];
}

/** An error of nodemailer: the command it belongs to and the relay's own words, when there were any. */
export interface SmtpFault extends Error {
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
  readonly recipient?: string | undefined;
}

/** How one transaction ended on the wire. */
export interface Sent {
  readonly envelope: SentEnvelope;
  readonly fault: SmtpFault | undefined;
  /** True when the data had been handed to the connection to its end: the relay may have the mail (RFC 1047). */
  readonly dotted: boolean;
}

const options = ({ mta, delivery }: Relay): ConstructorParameters<typeof SMTPConnection>[0] => ({
  host: mta.smtp_host,
  port: mta.smtp_port,
  secure: mta.smtp_secure_mode === 'smtps',
  requireTLS: mta.smtp_secure_mode === 'starttls',
  ignoreTLS: mta.smtp_secure_mode === 'smtp',
  connectionTimeout: delivery.reply_timeout * 1000,
  greetingTimeout: delivery.reply_timeout * 1000,
  socketTimeout: Math.max(delivery.reply_timeout, delivery.dot_timeout) * 1000,
  tls: {
    rejectUnauthorized: mta.smtp_verify_cert,
    ...(mta.smtp_verify_hostname ? {} : { checkServerIdentity: () => undefined }),
  },
});

/** One connection to the relay, opened and logged in. It is the only place that speaks to nodemailer's connection. */
export class RelayConnection {
  readonly #connection: SMTPConnection;
  #broken = false;
  /** How many transactions it has carried. */
  transactions = 0;
  lastUsed: number;

  private constructor(connection: SMTPConnection, now: number) {
    this.#connection = connection;
    this.lastUsed = now;
    // A connection may also break while nobody waits for it.
    connection.on('error', () => {
      this.#broken = true;
    });
    connection.once('end', () => {
      this.#broken = true;
    });
  }

  /** Connects, greets, and logs in when there are credentials. Throws a {@link SmtpFault}. */
  static async open(relay: Relay, now: number): Promise<RelayConnection> {
    const connection = new SMTPConnection(options(relay));
    const opened = new RelayConnection(connection, now);
    const { credentials } = relay;
    try {
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject);
        connection.connect((error) => (error ? reject(error) : resolve()));
      });
      // What was answered last is the reply to EHLO. Mail leaves here as it came, and much of it is 8-bit (RFC 6152).
      if (!/\b8BITMIME\b/i.test(String(connection.lastServerResponse))) {
        throw new Error('The relay does not offer 8BITMIME, which Belfry needs');
      }
      if (credentials !== undefined) {
        await new Promise<void>((resolve, reject) => {
          connection.login(
            { user: credentials.user, credentials: { user: credentials.user, pass: credentials.password } },
            (error) => (error ? reject(error) : resolve()),
          );
        });
      }
    } catch (error) {
      connection.close();
      throw error;
    }
    return opened;
  }

  get usable(): boolean {
    return !this.#broken;
  }

  /** One transaction. It never throws: how it ended is in what it gives back. */
  async send(sender: string, recipients: readonly string[], message: Buffer): Promise<Sent> {
    const envelope: SentEnvelope = {
      from: sender,
      to: [...recipients],
      size: message.length,
      use8BitMime: message.some((byte) => byte > 127),
    };
    this.transactions += 1;
    let dotted = false;
    const data = Readable.from([message], { objectMode: false });
    data.once('end', () => {
      dotted = true;
    });
    const fault = await new Promise<SmtpFault | undefined>((resolve) => {
      this.#connection.send(envelope, data, (error) => resolve(error ?? undefined));
    });
    this.lastUsed = Date.now();
    return { envelope, fault, dotted };
  }

  /** Makes the relay forget a transaction of which it refused every recipient; the next MAIL would be a 503 otherwise. */
  reset(): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.reset((error) => {
        if (error) this.#broken = true;
        resolve();
      });
    });
  }

  /** Says QUIT to a relay that still listens, and closes. */
  close(): void {
    if (this.usable) this.#connection.quit();
    else this.#connection.close();
    this.#broken = true;
  }
}
