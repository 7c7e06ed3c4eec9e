import * as z from 'zod';

/** How much of a post is made for each recipient (the list setting `personalize`). */
export const personalizations = ['none', 'individual', 'full'] as const;

/** In whose voice a mail speaks: it decides what Amazon SES shows as its author, since SES sends in the name of verified domains only. */
export const voices = ['post', 'owner', 'notice'] as const;
export type Voice = (typeof voices)[number];

/**
 * How a post is delivered. It is decided once, when the post is made, and travels in the message of each chunk, so that neither a
 * retry nor a post made at the same time changes it (mailman-behaviour.md, section 11).
 */
export const deliveryPlanSchema = z.object({
  personalize: z.enum(personalizations),
  /** Whether each recipient gets an envelope sender of its own. */
  verp: z.boolean(),
  /** Whether copies may get a header and a footer. */
  decorate: z.boolean(),
  voice: z.enum(voices),
  /** Whether who answers a post answers its author (`reply_goes_to_list` is no_munging); absent where it is no post. */
  answers_to_author: z.boolean().optional(),
  /** The posting address of the list and its display name. */
  list: z.object({ address: z.string(), name: z.string() }),
});
export type DeliveryPlan = z.infer<typeof deliveryPlanSchema>;
