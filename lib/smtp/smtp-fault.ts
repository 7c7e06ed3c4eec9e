import { type Reply, replyText } from './reply.ts';

/**
 * What went wrong between us and a server, apart from its replies within a transaction: no answer in time; the connection ended; what
 * came is not SMTP; TLS did not come about; a reply refused us; one refused our login; the server cannot what we need.
 */
export type FaultKind = 'time-out' | 'closed' | 'protocol' | 'tls' | 'refused' | 'login' | 'unfit';

/** A fault of a connection. Its message is the words of the server, where it had any. */
export class SmtpFault extends Error {
  override readonly name = 'SmtpFault';
  readonly kind: FaultKind;
  readonly reply: Reply | undefined;

  constructor(kind: FaultKind, says: string | Reply) {
    super(typeof says === 'string' ? says : replyText(says));
    this.kind = kind;
    this.reply = typeof says === 'string' ? undefined : says;
  }
}

/** The fault that an error of a socket is. The error of a name with several addresses has its words inside (Node's AggregateError). */
export const faultOf = (kind: FaultKind, error: unknown): SmtpFault => {
  if (error instanceof SmtpFault) return error;
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  return new SmtpFault(kind, inner instanceof Error ? inner.message : String(inner));
};
