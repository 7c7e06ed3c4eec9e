import * as z from 'zod';

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

const byDomain = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

/**
 * Parts the recipients of a post into chunks, sorted by domain, so that a relay can serve one domain in one connection
 * (design, section 4). Sorting is by code unit and then by address, so that two attempts make the same chunks.
 */
export const chunksOfRoster = (
  entries: readonly RosterEntry[],
  size: number,
): readonly (readonly RosterEntry[])[] => {
  const keyed = entries.map((entry) => ({ entry, domain: byDomain(entry.email) }));
  keyed.sort((a, b) => {
    if (a.domain !== b.domain) return a.domain < b.domain ? -1 : 1;
    if (a.entry.email === b.entry.email) return 0;
    return a.entry.email < b.entry.email ? -1 : 1;
  });
  const chunks: RosterEntry[][] = [];
  for (let start = 0; start < keyed.length; start += size) {
    chunks.push(keyed.slice(start, start + size).map(({ entry }) => entry));
  }
  return chunks;
};

/** The bytes of one chunk's roster. */
export const writeRoster = (entries: readonly RosterEntry[]): Buffer => Buffer.from(JSON.stringify(entries));

/** Reads the roster of one chunk. Throws when the bytes are no roster. */
export const readRoster = (bytes: Buffer): readonly RosterEntry[] =>
  rosterSchema.parse(JSON.parse(bytes.toString('utf8')));
