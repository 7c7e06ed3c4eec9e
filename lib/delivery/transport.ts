import type { Verdict } from './verdict.ts';

/** One transaction: a post, its envelope, and its recipients by position. */
export interface Transaction {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly message: Buffer;
}

/**
 * What a transaction came to. Only `verdicts` is about recipients; a refusal of us parks the queue and a refusal of the post
 * marks the post, and neither is anybody's bounce (design, rule 9).
 */
export type TransactionOutcome =
  | { readonly kind: 'verdicts'; readonly verdicts: readonly Verdict[] }
  /** The relay refused us: connecting, TLS, EHLO, AUTH, 421. Nobody was served. */
  | { readonly kind: 'refused-us'; readonly reply: string }
  /** The relay refused the post for good: MAIL, DATA or the final dot. Nobody was served. */
  | { readonly kind: 'refused-post'; readonly reply: string };

/** The port to whoever delivers. */
export interface Transport {
  readonly deliver: (transaction: Transaction) => Promise<TransactionOutcome>;
  readonly close: () => Promise<void>;
}
