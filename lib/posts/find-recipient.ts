import type { Blobs } from '../blobs/blobs.ts';
import { rosterKey } from '../blobs/keys.ts';
import {
  comparePlaces,
  type RosterEntry,
  type RosterPlace,
  readRoster,
  rosterPlace,
} from '../delivery/roster.ts';
import type { Roster } from './mail-record.ts';

/** Where a recipient of a post is found. */
export type FoundRecipient =
  | { readonly kind: 'found'; readonly chunk: number; readonly index: number }
  | { readonly kind: 'no recipient' }
  /** A roster that would have to be read has expired. */
  | { readonly kind: 'expired' };

/** Whether an address comes before a chunk's roster, or behind it; 0 when it is within its bounds. */
const sideOf = (wanted: RosterPlace, entries: readonly RosterEntry[]): number => {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return 0;
  if (comparePlaces(wanted, rosterPlace(first.email)) < 0) return -1;
  return comparePlaces(wanted, rosterPlace(last.email)) > 0 ? 1 : 0;
};

/**
 * Finds a recipient of a post by its address, letter case aside. The rosters of all chunks together are sorted, so that it
 * takes as many reads as it takes halvings: ten for the 500 chunks of a list of 100,000.
 */
export const findRecipient = async (
  id: string,
  { attempt, chunks }: Pick<Roster, 'attempt' | 'chunks'>,
  email: string,
  blobs: Pick<Blobs, 'get'>,
): Promise<FoundRecipient> => {
  const wanted = rosterPlace(email);
  let low = 0;
  let high = chunks - 1;
  while (low <= high) {
    const chunk = (low + high) >> 1;
    const bytes = await blobs.get(rosterKey(id, attempt, chunk));
    if (bytes === undefined) return { kind: 'expired' };
    const entries = readRoster(bytes);
    const side = sideOf(wanted, entries);
    if (side === 0) {
      const index = entries.findIndex((one) => comparePlaces(rosterPlace(one.email), wanted) === 0);
      return index === -1 ? { kind: 'no recipient' } : { kind: 'found', chunk, index };
    }
    if (side < 0) high = chunk - 1;
    else low = chunk + 1;
  }
  return { kind: 'no recipient' };
};
