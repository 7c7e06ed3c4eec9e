import * as z from 'zod';

/** What the last event did to a member; what follows from it is done again by whoever finds its own event here. */
export const bounceSteps = ['scored', 'probed', 'disabled', 'warned', 'removed'] as const;
export type BounceStep = (typeof bounceSteps)[number];

/** How it stands with the bounces of a member (mailman-behaviour.md, sections 13.2 and 13.3). Absent means none. */
export const bounceStateSchema = z.object({
  /** Each day with bounces adds one. */
  bounce_score: z.number().optional(),
  /** ISO 8601, as are the other times: of the last bounce that counted. */
  last_bounce_received: z.string().optional(),
  last_warning_sent: z.string().optional(),
  total_warnings_sent: z.number().int().optional(),
  /** When the first bounce of this score came. */
  bouncing_since: z.string().optional(),
  /** Why the last one came back, such as `user-unknown 5.1.1`. */
  bounce_why: z.string().optional(),
  /** Which mail it was that came back last, where that was told. */
  bounced_mail: z.string().optional(),
  /** The event that made the last step, and the step: how a repetition knows itself. */
  bounce_event: z.string().optional(),
  bounce_step: z.enum(bounceSteps).optional(),
  /** The step before it, for whoever died between it and what follows, and comes back when another bounce was faster. */
  bounce_before: z
    .object({
      event: z.string(),
      step: z.enum(bounceSteps),
      score: z.number(),
      why: z.string().optional(),
    })
    .optional(),
  /** The same of the last warning or removal. It has a place of its own: the event that disabled may not have told the owners yet. */
  warning_event: z.string().optional(),
  warning_step: z.enum(bounceSteps).optional(),
});
export type BounceState = z.infer<typeof bounceStateSchema>;

/**
 * Changes of a member, and with them a fresh score whenever they say how posts come: who gets posts again begins at 0 (Mailman keeps the old score, so
 * that one more bounce disables again; mailman-behaviour.md, section 26, oddity 10). The time of the last bounce stays, so that a bounce that
 * comes twice does not count on its second coming.
 */
export const withFreshScore = (
  changes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
  !('delivery_status' in changes) || changes['delivery_status'] === 'by_bounces'
    ? changes
    : {
        bounce_score: null,
        last_warning_sent: null,
        total_warnings_sent: null,
        bouncing_since: null,
        bounce_why: null,
        ...changes,
      };
