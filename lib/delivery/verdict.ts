/**
 * A verdict per recipient is a type, by position (design, rule 7): what the relay or SES said about one recipient of one
 * transaction. Addresses are no keys, because development mode sends one address twice.
 */
export type Verdict =
  | { readonly kind: 'delivered' }
  /** Not now: another attempt may help. */
  | { readonly kind: 'deferred'; readonly reply: string; readonly at: Stage }
  /** Never: a 5xx reply to RCPT, about this recipient. */
  | { readonly kind: 'rejected'; readonly reply: string; readonly at: Stage }
  /** The connection ended after the final dot and before its reply: it may have been delivered (RFC 1047). */
  | { readonly kind: 'unknown'; readonly reply: string };

/** Where in the transaction a reply was given. */
export type Stage = 'mail' | 'rcpt' | 'data' | 'dot';
