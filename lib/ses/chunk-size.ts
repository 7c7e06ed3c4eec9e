import type { Site } from '../config/site.ts';
import type { Pace } from './pace.ts';

// A chunk is about 10 s of work, so that one great list cannot hold the others up (design, section 4).
const seconds = 10;
// Each chunk costs its ledger, roster and messages; below this they would outweigh its mails.
const least = 10;
// Before the quota has ever been read: SES gives an account in its sandbox 1 a second and a new one in production 14.
const unknownRate = 5;

/** How many recipients a chunk has on Amazon SES, by the rate that the account is allowed. */
export const chunkSizeFor = (
  { delivery, ses }: Pick<Site, 'delivery' | 'ses'>,
  pace: Pick<Pace, 'max_per_second'> | undefined,
): number => {
  const wanted = Math.floor((pace?.max_per_second ?? unknownRate) * ses.share * seconds);
  return Math.min(delivery.chunk_size, Math.max(least, wanted));
};
