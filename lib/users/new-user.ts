import { randomUUID } from 'node:crypto';
import type { User } from './user.ts';

/** A user whom nobody has said anything of yet. The id is a UUID without hyphens, as Mailman's REST API 3.1 writes it. */
export const newUser = (display_name: string, now: Date): User => ({
  user_id: randomUUID().replaceAll('-', ''),
  display_name,
  is_server_owner: false,
  preferences: {},
  created_on: now.toISOString(),
});
