import * as z from 'zod';
import { addressKey } from '../addresses/email-address.ts';

/** One recipient of a post, with what delivery needs to know of the member, so that nothing is read per recipient. */
export const rosterEntrySchema = z.object({
  email: z.string(),
  name: z.string().optional(),
  language: z.string().optional(),
  /** The id of the membership by which this is a recipient; absent when the address stands for itself, as in notices. */
  member: z.string().optional(),
  /** Whether the address stands in To or Cc already, so that its copy is marked (`X-Mailman-Copy`). */
  duplicate: z.literal(true).optional(),
});
export type RosterEntry = z.infer<typeof rosterEntrySchema>;

const rosterSchema = z.array(rosterEntrySchema);

/** Where an address stands in the roster of a post: by domain and then by address, letter case aside. */
export interface RosterPlace {
  readonly domain: string;
  readonly address: string;
}

/** The place of an address. */
export const rosterPlace = (email: string): RosterPlace => {
  const address = addressKey(email);
  return { domain: address.slice(address.lastIndexOf('@') + 1), address };
};

/** Which of two places comes first, by code unit: below 0 the one, above 0 the other; 0 for the same address. */
export const comparePlaces = (a: RosterPlace, b: RosterPlace): number => {
  if (a.domain !== b.domain) return a.domain < b.domain ? -1 : 1;
  if (a.address === b.address) return 0;
  return a.address < b.address ? -1 : 1;
};

/**
 * Parts the recipients of a post into chunks, sorted by domain, so that a relay can serve one domain in one connection
 * (design, section 4), and so that an address is found without reading all of them.
 */
export const chunksOfRoster = (
  entries: readonly RosterEntry[],
  size: number,
): readonly (readonly RosterEntry[])[] => {
  const placed = entries.map((entry) => ({ entry, place: rosterPlace(entry.email) }));
  placed.sort((a, b) => comparePlaces(a.place, b.place));
  const chunks: RosterEntry[][] = [];
  for (let start = 0; start < placed.length; start += size) {
    chunks.push(placed.slice(start, start + size).map(({ entry }) => entry));
  }
  return chunks;
};

/** The bytes of one chunk's roster. */
export const writeRoster = (entries: readonly RosterEntry[]): Buffer => Buffer.from(JSON.stringify(entries));

/** Reads the roster of one chunk. Throws when the bytes are no roster. */
export const readRoster = (bytes: Buffer): readonly RosterEntry[] =>
  rosterSchema.parse(JSON.parse(bytes.toString('utf8')));
