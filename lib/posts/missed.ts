import type { Blobs } from '../blobs/blobs.ts';
import { rosterKey } from '../blobs/keys.ts';
import { readRoster } from '../delivery/roster.ts';
import { forEachChunk, type LedgerPorts } from './chunks.ts';
import type { Roster } from './mail-record.ts';
import { isWithoutPost, type OutcomeState, outcomesOf } from './outcome.ts';

/** What naming those without the post needs of the world. */
export interface MissedPorts extends LedgerPorts {
  readonly blobs: () => Promise<Pick<Blobs, 'get'>>;
}

/** Somebody who has not got a post. */
export interface WithoutPost {
  readonly address: string;
  readonly state: OutcomeState;
  readonly reply: string | undefined;
}

/** Those who have not got a post, and how much is not known of any more. */
export interface Missed {
  readonly missed: readonly WithoutPost[];
  readonly forgotten_chunks: number;
}

/** Names those who have not got a post, in the order of the roster: put off, refused, given up or not tried. */
export const missedBy = async (id: string, roster: Roster, ports: MissedPorts): Promise<Missed> => {
  const bytes = await ports.blobs();
  const found: (readonly WithoutPost[])[] = [];
  let forgotten_chunks = 0;
  await forEachChunk(id, roster, ports, async (chunk, ledger) => {
    const without = ledger === undefined ? [] : outcomesOf(ledger).filter(isWithoutPost);
    if (ledger !== undefined && without.length === 0) return;
    const entries = await bytes.get(rosterKey(id, roster.attempt, chunk));
    if (ledger === undefined || entries === undefined) {
      forgotten_chunks += 1;
      return;
    }
    const addresses = readRoster(entries);
    found[chunk] = outcomesOf(ledger).flatMap((outcome, index) => {
      const address = addresses[index]?.email;
      if (address === undefined || !isWithoutPost(outcome)) return [];
      return [{ address, state: outcome.state, reply: outcome.code }];
    });
  });
  return { missed: found.flat(), forgotten_chunks };
};
