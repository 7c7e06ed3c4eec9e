import { type Clock, systemClock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import { type Relay, RelayConnection, type Sent, type SmtpFault } from './smtp-connection.ts';
import { allDeferred, replyCode, verdictOfRcpt } from './smtp-replies.ts';
import type { Transaction, TransactionOutcome, Transport, TransportLimits } from './transport.ts';
import type { Verdict } from './verdict.ts';

/**
 * A frozen function's connection is dead when it wakes up, so a connection that has been idle for longer is opened anew
 * (design, section 4).
 */
const idleLimitMs = 20_000;

const words = (fault: SmtpFault): string => fault.response || fault.message;

/**
 * The verdict on each recipient by position, from what nodemailer noted on the envelope. The replies to RCPT come in the
 * order of the recipients, so an address that is named twice gets its replies in turn.
 */
const verdictsByPosition = (
  recipients: readonly string[],
  sent: Sent,
  ifAccepted: Verdict,
): readonly Verdict[] => {
  const refused = [...(sent.envelope.rejectedErrors ?? [])];
  return recipients.map((recipient) => {
    const index = refused.findIndex((fault) => fault.recipient === recipient);
    const [fault] = index < 0 ? [] : refused.splice(index, 1);
    return fault === undefined ? ifAccepted : verdictOfRcpt(words(fault));
  });
};

const isRefusedUs = (fault: SmtpFault): boolean => replyCode(words(fault)) === 421;

/** Reads the end of one transaction (design, rule 9). `undefined`: the connection broke before anything was decided. */
const outcomeOf = (recipients: readonly string[], sent: Sent): TransactionOutcome | undefined => {
  const { fault, dotted } = sent;
  if (fault === undefined) {
    return { kind: 'verdicts', verdicts: verdictsByPosition(recipients, sent, { kind: 'delivered' }) };
  }
  const reply = words(fault);
  const code = replyCode(reply);
  if (isRefusedUs(fault)) return { kind: 'refused-us', reply };
  if (code === 0) {
    // No reply: the connection broke, or time ran out.
    return dotted
      ? { kind: 'verdicts', verdicts: verdictsByPosition(recipients, sent, { kind: 'unknown', reply }) }
      : undefined;
  }
  if (fault.command === 'RCPT TO') {
    return {
      kind: 'verdicts',
      verdicts: verdictsByPosition(recipients, sent, { kind: 'deferred', reply, at: 'rcpt' }),
    };
  }
  const at = fault.command === 'MAIL FROM' ? 'mail' : dotted ? 'dot' : 'data';
  if (code >= 500) return { kind: 'refused-post', reply };
  return at === 'mail'
    ? { kind: 'verdicts', verdicts: allDeferred(recipients.length, reply, at) }
    : { kind: 'verdicts', verdicts: verdictsByPosition(recipients, sent, { kind: 'deferred', reply, at }) };
};

/** What the transport needs of the site. */
export interface SmtpTransportSettings {
  readonly mta: Pick<Site['mta'], 'max_sessions_per_connection' | 'max_recipients'>;
  readonly delivery: Pick<Site['delivery'], 'connections'>;
}

/**
 * Delivery over one connection to an SMTP relay, kept across the invocations of a warm function. A failure before the data
 * was sent whole is nobody's: it is tried once more on a fresh connection, and after that everybody of the transaction is deferred.
 */
export class SmtpTransport implements Transport {
  readonly limits: TransportLimits;
  readonly #relay: () => Promise<Relay>;
  readonly #sessions: number;
  readonly #clock: Clock;
  #connection: RelayConnection | undefined;

  constructor(
    relay: () => Promise<Relay>,
    { mta }: SmtpTransportSettings,
    clock: Clock = systemClock,
  ) {
    this.limits = { recipients: mta.max_recipients, connections: 1, ownSender: true, size: undefined };
    this.#relay = relay;
    this.#sessions = mta.max_sessions_per_connection;
    this.#clock = clock;
  }

  async deliver(transaction: Transaction): Promise<TransactionOutcome> {
    const { sender, recipients, message, beginBefore } = transaction;
    if (this.#clock.now() >= beginBefore) return { kind: 'not-now', reply: 'out of time', afterMs: 0 };
    let reply = '';
    for (const _try of ['kept connection', 'fresh connection']) {
      const connection = await this.#open().catch((fault: SmtpFault) => {
        reply = words(fault);
        return undefined;
      });
      if (connection === undefined) return { kind: 'refused-us', reply };
      const sent = await connection.send(sender, recipients, message);
      const outcome = outcomeOf(recipients, sent);
      await this.#afterwards(connection, sent);
      if (outcome !== undefined) return outcome;
      reply = sent.fault === undefined ? '' : words(sent.fault);
      if (replyWasAwaited(sent)) break;
    }
    return { kind: 'verdicts', verdicts: allDeferred(recipients.length, reply, 'data') };
  }

  async close(): Promise<void> {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #open(): Promise<RelayConnection> {
    const kept = this.#connection;
    const now = Date.now();
    if (kept?.usable && now - kept.lastUsed < idleLimitMs) return kept;
    kept?.close();
    this.#connection = undefined;
    this.#connection = await RelayConnection.open(await this.#relay(), now);
    return this.#connection;
  }

  async #afterwards(connection: RelayConnection, { envelope, fault }: Sent): Promise<void> {
    const worn = this.#sessions > 0 && connection.transactions >= this.#sessions;
    if (fault !== undefined && replyCode(words(fault)) === 0) {
      connection.close();
    } else if (worn) {
      connection.close();
    } else if (fault !== undefined && (envelope.accepted ?? []).length === 0) {
      await connection.reset();
    }
    if (!connection.usable) this.#connection = undefined;
  }
}

/** True when the relay had time to answer and did not, so that the same on a fresh connection would only cost that time again. */
const replyWasAwaited = ({ fault }: Sent): boolean => fault?.code === 'ETIMEDOUT';
