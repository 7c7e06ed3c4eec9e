import * as z from 'zod';
import { preferencesSchema } from './preferences.ts';

/** A person with one or more addresses (mailman-behaviour.md, section 20). */
export const userSchema = z.object({
  user_id: z.string(),
  display_name: z.string().default(''),
  /** A verified address of the user; memberships as user follow it. */
  preferred_address: z.string().optional(),
  /** A scrypt hash; absent: no password. */
  password: z.string().optional(),
  is_server_owner: z.boolean().default(false),
  preferences: preferencesSchema.default({}),
  /** ISO 8601. */
  created_on: z.string(),
});
export type User = z.infer<typeof userSchema>;
