import * as z from 'zod';

/** A post as the index of its list names it: enough to be recognised by a person, and to find its record. */
export const listedPostSchema = z.object({
  list_id: z.string(),
  /** The id of the mail, whose record knows the rest. */
  id: z.string(),
  /** The number of the post; numbers may come again when an owner sets the list's `post_id` back. */
  number: z.number().int(),
  /** When it was accepted, by its chain or by a moderator. */
  at: z.string(),
  message_id: z.string(),
  /** Its subject, on one line and cut when it is long; empty when it has none. */
  subject: z.string(),
});
export type ListedPost = z.infer<typeof listedPostSchema>;
