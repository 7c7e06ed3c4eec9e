import * as z from 'zod';
import { preferencesSchema } from '../users/preferences.ts';
import { moderationActions } from './member.ts';

/** What somebody had as a member when leaving: it is theirs again when they come back. */
export const formerMemberSchema = preferencesSchema.extend({
  list_id: z.string(),
  email: z.string(),
  moderation_action: z.enum(moderationActions).optional(),
  /** ISO 8601; empty when it was another address that left, whose place this one took. */
  left_at: z.string(),
});
export type FormerMember = z.infer<typeof formerMemberSchema>;
