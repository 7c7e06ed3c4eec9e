import type { Clock } from '../clock/clock.ts';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import type { Ledger } from '../delivery/ledger.ts';
import type { Store } from '../store/store.ts';
import type { Roster } from './mail-record.ts';

/** What reading the ledgers of a post needs. */
export interface LedgerPorts {
  readonly store: Pick<Store, 'ledgers'>;
  readonly clock: Clock;
}

// Enough to hide the latency of DynamoDB and S3 for the 500 chunks of a list of 100,000.
const readsAtOnce = 16;

/** The ledger of a chunk; undefined when it has expired, also while the table has not removed it yet (design, rule 13). */
export const readLedger = async (
  id: string,
  { attempt }: Pick<Roster, 'attempt'>,
  chunk: number,
  { store, clock }: LedgerPorts,
): Promise<Ledger | undefined> => {
  const ledger = await store.ledgers.get(id, attempt, chunk);
  return ledger === undefined || ledger.expires * 1000 <= clock.now().getTime() ? undefined : ledger;
};

/** Reads the ledgers of all chunks of a post, some at a time, in no order. */
export const forEachChunk = (
  id: string,
  roster: Pick<Roster, 'attempt' | 'chunks'>,
  ports: LedgerPorts,
  work: (chunk: number, ledger: Ledger | undefined) => Promise<void>,
): Promise<void> =>
  forEachAtOnce(Array(roster.chunks).keys(), readsAtOnce, async (chunk) =>
    work(chunk, await readLedger(id, roster, chunk, ports)),
  );
