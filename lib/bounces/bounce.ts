/** What a bounce says of an address; a complaint is a person's, not a server's (RFC 5965). */
export type BounceKind = 'permanent' | 'temporary' | 'complaint';

/** Why a mail was not delivered, as far as its report tells. */
export type BounceReason =
  | 'user-unknown'
  | 'mailbox-full'
  | 'mailbox-disabled'
  | 'host-unknown'
  | 'no-route'
  | 'blocked'
  | 'dmarc'
  | 'content'
  | 'too-large'
  | 'loop'
  | 'policy'
  | 'expired'
  | 'complaint'
  | 'other';

/** One address that did not get a mail, or did not want it. */
export interface Bounce {
  /** As it is written in the mail. */
  readonly address: string;
  readonly kind: BounceKind;
  readonly why: BounceReason;
  /** An enhanced status code (RFC 3463), or a reply code of SMTP where there is no such. */
  readonly code?: string;
  /** The detector that recognised it. */
  readonly detector: string;
  /** What the server said, cut. */
  readonly diagnostic?: string;
}

/** Why a mail that came to the bounce address is none. */
export type NoBounceReason =
  | 'success-report'
  | 'relayed'
  | 'read-receipt'
  | 'auto-reply'
  | 'out-of-office'
  | 'challenge'
  | 'virus-warning'
  | 'subscription'
  | 'not-spam'
  | 'authentication-report'
  | 'list-mail'
  | 'postmaster-notice';

/** What a mail to the bounce address is. */
export type Recognition =
  | { readonly kind: 'bounces'; readonly bounces: readonly Bounce[] }
  | { readonly kind: 'no-bounce'; readonly because: NoBounceReason }
  | { readonly kind: 'unrecognised' };

/** A mail with its envelope, where that is known (design, rule 5). */
export interface ReceivedMail {
  readonly bytes: Buffer;
  /** The envelope recipient, with what follows the delimiter. */
  readonly recipient?: string;
  /** The envelope sender; empty for the null sender. */
  readonly sender?: string;
}
