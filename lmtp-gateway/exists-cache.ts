import type { RecipientLookups } from '../lib/addresses/recipient.ts';
import type { Clock } from '../lib/clock/clock.ts';

// A site has fewer lists and domains; the bound only keeps a mistake from filling the memory.
const mostEntries = 100_000;

const remembering = <T>(
  look: (key: string) => Promise<T | undefined>,
  milliseconds: number,
  clock: Clock,
): ((key: string) => Promise<T | undefined>) => {
  const known = new Map<string, { readonly value: T; readonly until: number }>();
  return async (key) => {
    const now = clock.now().getTime();
    const entry = known.get(key);
    if (entry !== undefined && entry.until > now) return entry.value;
    const value = await look(key);
    if (value === undefined) {
      known.delete(key);
      return undefined;
    }
    if (known.size >= mostEntries) known.clear();
    known.set(key, { value, until: now + milliseconds });
    return value;
  };
};

/**
 * Look-ups that remember for some seconds that something exists. That something does not exist is never remembered: a list
 * that was made a moment ago is found at once.
 */
export const existsCache = (lookups: RecipientLookups, seconds: number, clock: Clock): RecipientLookups => ({
  resolve: remembering(lookups.resolve, seconds * 1000, clock),
  find: remembering(lookups.find, seconds * 1000, clock),
});
