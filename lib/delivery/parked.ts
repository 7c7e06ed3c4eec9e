import * as z from 'zod';

/**
 * That delivery is parked: the relay or Amazon SES refuses us, not a recipient and not a post (design, rule 9). While it is, chunks wait, and neither
 * their attempts nor their time run on.
 */
export const parkedSchema = z.object({
  /** The queue whose messages wait; those of `retry` wait with them. */
  queue: z.literal('out'),
  /** What the relay said. */
  reason: z.string(),
  /** Since when, in milliseconds since 1970, through all probes that failed. */
  since: z.number(),
  /** Until when nobody tries, in milliseconds since 1970; after that one invocation probes. */
  until: z.number(),
  /** Counts parkings and probes, so that each can tell that it is the last one. */
  epoch: z.number(),
});
export type Parked = z.infer<typeof parkedSchema>;
