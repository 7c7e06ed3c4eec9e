import type { Pace as SesPace } from '../../lib/ses/pace.ts';
import type { Pace } from '../../lib/store/store.ts';

/** The pace in memory, for tests with a moved clock. It is held to what the one in DynamoDB is held to. */
export const memoryPace = (delay: () => Promise<void> = () => Promise.resolve()): Pace => {
  let pace: SesPace | undefined;
  return {
    get: async () => {
      await delay();
      return pace;
    },
    note: async (quota, at) => {
      await delay();
      pace = { next: 0, slow_until: 0, ...pace, ...quota, read_at: at.getTime() };
      return pace;
    },
    lease: async ({ known, slots, span, from }) => {
      await delay();
      if (pace === undefined) return undefined;
      const { max_per_second, max_24h, slow_until, sent_24h, next } = pace;
      const same =
        max_per_second === known.max_per_second &&
        max_24h === known.max_24h &&
        slow_until === known.slow_until;
      if (!same || (max_24h >= 0 && sent_24h + slots > max_24h)) return undefined;
      const first = Math.max(next, from);
      pace = { ...pace, next: first + span, sent_24h: sent_24h + slots };
      return { first, pace };
    },
    slow: async (until) => {
      await delay();
      if (pace !== undefined && pace.slow_until < until.getTime())
        pace = { ...pace, slow_until: until.getTime() };
    },
  };
};
