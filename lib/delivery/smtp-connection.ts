import type { Site } from '../config/site.ts';
import type { Login } from '../smtp/login.ts';
import { mailData } from '../smtp/mail-data.ts';
import { openSession, type Server, type Session } from '../smtp/session.ts';
import { SmtpFault } from '../smtp/smtp-fault.ts';
import { type Ending, transact } from '../smtp/transaction.ts';

/** The user and password of the relay. */
export type Credentials = Login;

/** A relay, and how to speak with it. */
export interface Relay {
  readonly mta: Pick<
    Site['mta'],
    'smtp_host' | 'smtp_port' | 'smtp_secure_mode' | 'smtp_verify_cert' | 'smtp_verify_hostname'
  >;
  readonly delivery: Pick<Site['delivery'], 'reply_timeout' | 'dot_timeout'>;
  readonly credentials: Credentials | undefined;
}

const security = { smtp: 'none', starttls: 'starttls', smtps: 'tls' } as const;

/** The server that the settings name. */
export const serverOf = ({ mta, credentials }: Omit<Relay, 'delivery'>, openMs: number): Server => ({
  host: mta.smtp_host,
  port: mta.smtp_port,
  security: security[mta.smtp_secure_mode],
  verifyCertificate: mta.smtp_verify_cert,
  verifyHost: mta.smtp_verify_hostname,
  // Either of them alone is no login.
  login:
    credentials === undefined || credentials.user === '' || credentials.password === ''
      ? undefined
      : credentials,
  openMs,
});

/** What one transaction on a connection is to do. */
export interface SendOrder {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly message: Buffer;
  /** False when the relay is known to lose commands that come in one write. */
  readonly mayPipeline: boolean;
  /** How many milliseconds are left until the data must be on its way. */
  readonly leftMs: number;
  /** How many milliseconds are left until it must be known how it ended. */
  readonly endMs: number;
}

/** One connection to the relay, opened and logged in. */
export class RelayConnection {
  readonly #session: Session;
  readonly #times: Relay['delivery'];
  #leftOpen = false;
  /** How many transactions it has carried. */
  transactions = 0;
  lastUsed: number;

  private constructor(session: Session, times: Relay['delivery'], now: number) {
    this.#session = session;
    this.#times = times;
    this.lastUsed = now;
  }

  /** Connects, greets, and logs in when there are credentials, all of it within one reply's time. Throws a {@link SmtpFault}. */
  static async open(relay: Relay, now: () => number): Promise<RelayConnection> {
    const session = await openSession(serverOf(relay, relay.delivery.reply_timeout * 1000));
    // Mail leaves here as it came, and much of it is 8-bit (RFC 6152).
    if (!session.extensions.has('8BITMIME')) {
      void session.wire.close();
      throw new SmtpFault('unfit', 'The relay does not offer 8BITMIME, which Belfry needs');
    }
    return new RelayConnection(session, relay.delivery, now());
  }

  get usable(): boolean {
    return this.#session.wire.fault === undefined;
  }

  /** Whether commands go in one write. */
  get pipelines(): boolean {
    return this.#session.extensions.has('PIPELINING');
  }

  /** One transaction. It never throws: how it ended is in what it gives back. */
  async send({ sender, recipients, message, mayPipeline, leftMs, endMs }: SendOrder): Promise<Ending> {
    this.transactions += 1;
    const replyMs = this.#times.reply_timeout * 1000;
    const now = performance.now();
    const ending = await transact(this.#session, {
      sender,
      recipients,
      data: mailData(message),
      pipelining: mayPipeline && this.pipelines,
      resetFirst: this.#leftOpen,
      replyMs,
      dotMs: this.#times.dot_timeout * 1000,
      // Who begins in time has one reply's time at least, and a slow relay may go on while there is time for the data.
      envelopeUntil: now + Math.max(replyMs, leftMs),
      endUntil: now + endMs,
    });
    this.#leftOpen = ending.leftOpen;
    return ending;
  }

  /** Says QUIT to a relay that still listens, and closes; it never hangs. */
  close(): Promise<void> {
    return this.#session.wire.close();
  }
}
