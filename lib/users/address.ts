import * as z from 'zod';
import { preferencesSchema } from './preferences.ts';

/** What moves from an address to another: everything, or only what stands for its user, whose preferred address it was. */
const movings = ['everything', 'as_user'] as const;
export type Moving = (typeof movings)[number];

/** An address that Belfry knows something of (mailman-behaviour.md, section 20). */
export const addressSchema = z.object({
  /** As it was first written; it is found by its lower case. */
  email: z.string(),
  display_name: z.string().default(''),
  /** ISO 8601. */
  registered_on: z.string(),
  /** When somebody who reads its mail confirmed it; absent: nobody has. */
  verified_on: z.string().optional(),
  user_id: z.string().optional(),
  preferences: preferencesSchema.default({}),
  /** The address that takes its place, while its memberships are being carried over. */
  moving_to: z.string().optional(),
  moving_what: z.enum(movings).optional(),
  /** The address whose place it takes at this moment: an address is in one move at most, so that no two moves meet. */
  moving_from: z.string().optional(),
});
export type Address = z.infer<typeof addressSchema>;
