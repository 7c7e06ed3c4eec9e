/**
 * The ledger of one chunk: who was served (design, rule 8). One item with its own partition key, under 1 KB, since DynamoDB
 * bills an update for the whole item. Addresses lie in the roster; here a recipient is an index.
 */
export interface Ledger {
  readonly id: string;
  readonly list_id: string;
  readonly roster: string;
  readonly chunk: number;
  /** How many recipients the chunk has. */
  readonly size: number;
  readonly owner: string;
  readonly epoch: number;
  /** Milliseconds since 1970; 0 when nobody holds the chunk. */
  readonly lease_end: number;
  /** The number of the attempt under way or next. */
  readonly attempt: number;
  /** True when nobody is left to serve. */
  readonly done: boolean;
  /** The attempt that began because somebody resent the post to those who missed it; absent when nobody did. */
  readonly reopened?: number | undefined;
  /**
   * When delivery is given up, in milliseconds since 1970. The time counts from the beginning of the first attempt; until then it is
   * reckoned from when the post was made.
   */
  readonly give_up: number;
  /** When whoever waits is due to be tried again, in milliseconds since 1970, as it was when that was put off last; absent until then. */
  readonly again_at?: number | undefined;
  /** When the item may be forgotten, in seconds since 1970. */
  readonly expires: number;
  /** Two bits for each recipient index, see {@link RecipientState}. */
  readonly states: Uint8Array;
  /** How it ended or was put off, and the codes of the reply (`ledger-codes.ts`) -> the indices that this is true of, as a bitmap. */
  readonly codes: Readonly<Record<string, Uint8Array>>;
  /** The indices of those whose delivery ended without success, and of whom whoever must know has been told: a bitmap. */
  readonly reported: Uint8Array;
  /** How many deliveries may have happened twice because a process died in the middle of a transaction. */
  readonly possibly_doubled: number;
}

/** What the ledger knows of one recipient. */
export const recipientStates = ['open', 'delivered', 'ended', 'deferred'] as const;
export type RecipientState = (typeof recipientStates)[number];

/** What one write to the ledger changes. */
export interface LedgerVerdicts {
  readonly states: Uint8Array;
  readonly codes: Readonly<Record<string, Uint8Array>>;
  readonly reported: Uint8Array;
  readonly possibly_doubled: number;
  /** The number of the next attempt, when this one is over. */
  readonly attempt: number;
  readonly done: boolean;
  /** 0 gives the chunk back. */
  readonly lease_end: number;
  /** When it is tried again, where that is put off with this write. */
  readonly again_at?: number | undefined;
}

/** What came of trying to claim a chunk. */
export type ClaimOutcome =
  /** Ours. `lapsed` when the lease of a holder that died was taken over: its open transaction may be doubled. */
  | { readonly kind: 'claimed'; readonly ledger: Ledger; readonly lapsed: boolean }
  /** Somebody holds it, or is about to: leave it alone until then. */
  | { readonly kind: 'held'; readonly until: Date }
  /** It is done, or another attempt has begun: acknowledge and do nothing. */
  | { readonly kind: 'over' }
  /** The ledger is gone: this goes to the shunt, never to the relay. */
  | { readonly kind: 'gone' };
