import type { Site } from '../config/site.ts';
import type { ChunkMessage } from '../queue/messages.ts';
import type { RosterEntry } from './roster.ts';
import type { Transaction, TransportLimits } from './transport.ts';

/** The address of the page by which a member leaves. */
export interface MemberLinks {
  readonly leave: (member: {
    readonly list_id: string;
    readonly member_id: string;
    readonly email: string;
  }) => string;
}

/** What is delivered: a chunk of a post, its bytes, and its recipients by index. */
export interface Freight {
  readonly message: ChunkMessage;
  readonly post: Buffer;
  readonly entries: readonly RosterEntry[];
  /** The web pages that a member's copy can link to; absent when there are none, or when no copy is a member's own. */
  readonly links?: MemberLinks | undefined;
}

/** What a delivery module plans by. */
export interface Conditions {
  readonly site: Pick<Site, 'delivery' | 'mta' | 'devmode'>;
  readonly limits: TransportLimits;
}

/** A way to deliver a chunk (design, section 5): how many recipients go in a transaction, how many transactions are open at once, and what they carry. */
export interface DeliveryModule {
  readonly name: 'bulk' | 'individual';
  /** The most recipients of a transaction. */
  readonly recipients: number;
  /** The most transactions that are open at once. */
  readonly connections: number;
  /** The envelope and the copy for some recipients, by index. */
  readonly transaction: (
    batch: readonly number[],
  ) => Omit<Transaction, 'following' | 'beginBefore' | 'endBefore'>;
}

/**
 * The address that stands on the envelope for a recipient. In development mode that is one and the same for all; their number and the
 * mail stay as they are (mailman-behaviour.md, section 12).
 */
export const envelopeRecipient = (entry: RosterEntry, { devmode }: Pick<Site, 'devmode'>): string =>
  devmode.enabled ? devmode.recipient : entry.email;

/** The recipient at an index of a chunk. */
export const entryAt = ({ entries, message }: Freight, index: number): RosterEntry => {
  const entry = entries[index];
  if (entry === undefined) throw new Error(`Chunk ${message.chunk} has no recipient ${index}`);
  return entry;
};
