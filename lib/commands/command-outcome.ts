import * as z from 'zod';
import { moderationMessageSchema } from '../queue/messages.ts';

/** What came of a mail with a command: decided once, and kept on the mail's record, so that a repetition does the same. */
export const commandOutcomeSchema = z.object({
  verb: z.literal('confirm'),
  result: z.enum(['done', 'automatic', 'wrong-password', 'too-many-attempts']),
  /** The held mail that it is about. */
  request_id: z.number().int(),
  /** What a moderator wants, when something is to be done. */
  wish: moderationMessageSchema.optional(),
});
export type CommandOutcome = z.infer<typeof commandOutcomeSchema>;
