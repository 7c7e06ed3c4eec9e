import * as z from 'zod';
import { moderationMessageSchema, subscriptionMessageSchema } from '../queue/messages.ts';

/** What came of an answer to a moderation request about a held mail. */
const heldOutcomeSchema = z.object({
  verb: z.literal('confirm'),
  result: z.enum(['done', 'automatic', 'wrong-password', 'too-many-attempts']),
  /** The held mail that it is about. */
  request_id: z.number().int(),
  /** What a moderator wants, when something is to be done. */
  wish: moderationMessageSchema.optional(),
});

/** What came of a mail with commands. */
export const commandsOutcomeSchema = z.object({
  verb: z.literal('commands'),
  /** `replied`: the list answers such mail automatically and reads no commands in it. */
  result: z.enum(['done', 'automatic', 'replied']),
  /** The address that the commands came from, as far as a mail can tell: nobody else is answered. */
  asker: z.string(),
  /** Whether the list knows that address, or somebody has confirmed it. */
  known: z.boolean(),
  /** Whether somebody is told of it. */
  answer: z.boolean(),
  /** Each command with what is told of it: names of texts, and their variables. */
  lines: z.array(
    z.object({
      line: z.string(),
      told: z.array(z.object({ text: z.string(), variables: z.record(z.string(), z.string()) })),
    }),
  ),
  /** The commands behind one that ended them. */
  unprocessed: z.array(z.string()),
  /** How many lines were not looked at. */
  ignored: z.number().int(),
  /** Whether there were parts that hold no commands. */
  others: z.boolean(),
  /** What is wished of subscriptions. */
  wishes: z.array(subscriptionMessageSchema),
  /** Whether the list answers such mail automatically. */
  replies: z.boolean().optional(),
});
export type CommandsOutcome = z.infer<typeof commandsOutcomeSchema>;

/** What came of a mail on `command`: decided once, and kept on the mail's record, so that a repetition does the same. */
export const commandOutcomeSchema = z.discriminatedUnion('verb', [heldOutcomeSchema, commandsOutcomeSchema]);
export type CommandOutcome = z.infer<typeof commandOutcomeSchema>;
export type HeldOutcome = z.infer<typeof heldOutcomeSchema>;
