import * as z from 'zod';
import { envelopeSchema, metadataSchema } from '../queue/messages.ts';

/** What a moderator can do with a held mail (mailman-behaviour.md, section 8). `defer` keeps holding it. */
const moderationDeeds = ['accept', 'reject', 'discard', 'defer'] as const;
export type ModerationDeed = (typeof moderationDeeds)[number];

/** Who decides, and the wish it comes by, when a hold ends by its age. */
export const expired = 'expired';

/** A decision on a held mail: made once, by whoever comes first. It is kept on the record of the mail. */
export const moderationSchema = z.object({
  deed: z.enum(['accept', 'reject', 'discard']),
  /** The address of the moderator, or a word such as `expired` when nobody decided. */
  by: z.string(),
  /** ISO 8601. */
  at: z.string(),
  comment: z.string().optional(),
  /** The wish that came first: the message that carries it finishes what the decision demands, and no other does. */
  wish: z.string().optional(),
});
export type Moderation = z.infer<typeof moderationSchema>;

/** What makes a held mail findable: its number and its token. Taken before the mail's record is committed, and kept in it. */
export const holdSchema = z.object({ request_id: z.number().int(), token: z.string() });
export type Hold = z.infer<typeof holdSchema>;

/** A mail that waits for a moderator: the item by which it is listed, shown and found by number. */
export const heldMailSchema = z.object({
  request_id: z.number().int(),
  list_id: z.string(),
  /** The id of the mail, whose record holds the decision. */
  mail_id: z.string(),
  token: z.string(),
  message_id: z.string(),
  sender: z.string(),
  subject: z.string(),
  /** Why it is held, a sentence each. */
  reasons: z.array(z.string()),
  /** ISO 8601. */
  hold_date: z.string(),
  /** Where its bytes lie, beyond the reach of any lifecycle. */
  blob: z.string(),
  envelope: envelopeSchema,
  metadata: metadataSchema,
  /** Who looks at it, so that others leave it alone. */
  claimed_by: z.string().optional(),
  claimed_at: z.string().optional(),
});
export type HeldMail = z.infer<typeof heldMailSchema>;
