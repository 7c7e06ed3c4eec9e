import * as z from 'zod';
import { bounceRecordSchema } from '../bounces/bounce-record.ts';
import { commandOutcomeSchema } from '../commands/command-outcome.ts';
import { deliveryPlanSchema } from '../delivery/delivery-plan.ts';
import { holdSchema, moderationSchema } from '../held/held-mail.ts';
import { envelopeSchema, metadataSchema } from '../queue/messages.ts';

/** What became of a mail at the end of its chain, or that it waits, or that what it commanded is done. */
const dispositions = ['accepted', 'held', 'rejected', 'discarded', 'done'] as const;
export type Disposition = (typeof dispositions)[number];

/** A roster that is fixed: which attempt won, and its shape (design, rule 6). */
export const rosterSchema = z.object({
  attempt: z.string(),
  chunks: z.number().int().nonnegative(),
  recipients: z.number().int().nonnegative(),
  sender: z.string(),
  plan: deliveryPlanSchema,
  committed_at: z.string(),
});
export type Roster = z.infer<typeof rosterSchema>;

/** That the relay, or Amazon SES, refused the post itself, and not a recipient (design, rule 9). */
export const postRefusalSchema = z.object({
  at: z.string(),
  /** The codes of its reply, such as `554 5.6.0`. */
  reply: z.string(),
});
export type PostRefusal = z.infer<typeof postRefusalSchema>;

/**
 * What Belfry knows of one mail: the record that `post show` reads. The runner that takes the mail from its queue writes it
 * once, by a conditional write; the pipeline adds number and roster, each once.
 */
export const mailRecordSchema = z.object({
  id: z.string(),
  list_id: z.string(),
  message_id: z.string(),
  blob: z.string(),
  digest: z.string().optional(),
  envelope: envelopeSchema,
  metadata: metadataSchema,
  disposition: z.enum(dispositions),
  /** Why, in a sentence for the person who asks. */
  reason: z.string().optional(),
  /** The chain whose end decided. */
  chain: z.string().optional(),
  rule_hits: z.array(z.string()).default([]),
  rule_misses: z.array(z.string()).default([]),
  /** The pipeline that makes the post. */
  pipeline: z.string().optional(),
  decided_at: z.string(),
  post_number: z.number().int().optional(),
  /** The number and token of a held mail. */
  hold: holdSchema.optional(),
  /** What a moderator decided on a held mail, once. */
  moderation: moderationSchema.optional(),
  /** What came of a mail with a command. */
  command: commandOutcomeSchema.optional(),
  /** What a mail to the -bounces address was recognised as. */
  bounce: bounceRecordSchema.optional(),
  roster: rosterSchema.optional(),
  /** The first refusal of the post itself. */
  refused: postRefusalSchema.optional(),
});
export type MailRecord = z.infer<typeof mailRecordSchema>;

/** What the door remembers of an arrival, for `retention.arrivals`. */
export const arrivalSchema = z.object({
  digest: z.string(),
  /** The mail that this arrival became. */
  id: z.string(),
  list_id: z.string(),
  blob: z.string(),
  first_at: z.string(),
  /** How often it came again. */
  repeats: z.number().int().default(0),
});
export type Arrival = z.infer<typeof arrivalSchema>;

/** What failed by a defect of ours, until someone redrives or drops it (design, rule 12). */
export const shuntItemSchema = z.object({
  id: z.string(),
  queue: z.string(),
  /** The message as it stood on the queue. */
  body: z.string(),
  /** Why, in plain words. */
  reason: z.string(),
  stack: z.string().default(''),
  /** Where the mail's bytes are kept, when it had any. */
  blob: z.string().optional(),
  list_id: z.string().optional(),
  first_at: z.string(),
  at: z.string(),
});
export type ShuntItem = z.infer<typeof shuntItemSchema>;
