import type { DeliveryPlan } from './delivery-plan.ts';
import type { Verdict } from './verdict.ts';

/** One transaction: a post, its envelope, and its recipients by position. */
export interface Transaction {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly message: Buffer;
  /** What the mail is about, for transports that label what they send. */
  readonly labels: TransactionLabels;
  /** How the post is delivered: a transport that must change a mail before it can carry it does so by this, and else leaves it as it is. */
  readonly plan?: DeliveryPlan | undefined;
  /** How many more transactions the sender has at hand now, so that a transport that paces can plan for them; absent: none. */
  readonly following?: number | undefined;
  /** A transaction that cannot begin before this moment is answered `not-now`. */
  readonly beginBefore: Date;
  /** When the sender must know how it ended, since it is ended by force soon after; absent: there is no hurry. */
  readonly endBefore?: Date | undefined;
}

/** What a transaction belongs to; `member` when it has one recipient who is a member. */
export interface TransactionLabels {
  readonly post: string;
  readonly list: string;
  readonly member?: string | undefined;
}

/** What a transport can carry; the delivery modules plan by it. */
export interface TransportLimits {
  readonly recipients: number;
  /** How many transactions may be open at once. */
  readonly connections: number;
  /** Whether the envelope sender is ours, so that VERP works on the wire. */
  readonly ownSender: boolean;
  /** The most bytes of a message; undefined when only the other side knows. */
  readonly size: number | undefined;
}

/**
 * What a transaction came to. Only `verdicts` is about recipients; a refusal of us parks the queue and a refusal of the post
 * marks the post, and neither is anybody's bounce (design, rule 9).
 */
export type TransactionOutcome =
  | {
      readonly kind: 'verdicts';
      readonly verdicts: readonly Verdict[];
      /** The id that the other side gave to the mail instead of its own Message-ID (SES). */
      readonly sentAs?: string | undefined;
      /** True when it does not tell that the other side takes mail from us: the transport knew the answer by itself, or it may be us who are refused. */
      readonly unasked?: true;
      /** What was said when it may be us who are refused, and not the recipients; `inWords`: it says so. */
      readonly perhapsUs?: { readonly reply: string; readonly inWords: boolean } | undefined;
    }
  /**
   * Nothing was sent, and it is nobody's deferral: throttled, out of time, or one connection too many. The same transaction may be tried again after so
   * many milliseconds.
   */
  | { readonly kind: 'not-now'; readonly reply: string; readonly afterMs: number }
  /** The relay refused us: connecting, TLS, EHLO, AUTH, 421. Nobody was served. */
  | { readonly kind: 'refused-us'; readonly reply: string }
  /** The relay refused the post for good: MAIL, DATA or the final dot. Nobody was served. */
  | {
      readonly kind: 'refused-post';
      readonly reply: string;
      /** Who had been refused at RCPT before, by position: that is about the recipient, whatever becomes of the post. */
      readonly rejected?: readonly (Verdict | undefined)[];
      readonly unasked?: true;
    };

/** The port to whoever delivers. `deliver` may be called for several transactions at once, up to `limits.connections`. */
export interface Transport {
  readonly limits: TransportLimits;
  readonly deliver: (transaction: Transaction) => Promise<TransactionOutcome>;
  readonly close: () => Promise<void>;
}
