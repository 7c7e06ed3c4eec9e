import * as z from 'zod';
import { deliveryModes } from '../users/preferences.ts';

/** What a request is for. */
export const requestKinds = ['join', 'leave'] as const;
export type RequestKind = (typeof requestKinds)[number];

/**
 * Where a request stands: each a value that one can read. `invited` and `confirming` wait for the address, `moderating` for a moderator; the
 * others are its ends.
 */
export const requestStates = [
  'invited',
  'confirming',
  'moderating',
  'done',
  'rejected',
  'discarded',
] as const;
export type RequestState = (typeof requestStates)[number];

/** The states in which nothing waits any more. */
export const endStates = ['done', 'rejected', 'discarded'] as const satisfies readonly RequestState[];
/** True when nobody is waited for any more. */
export const isEnded = (state: RequestState): boolean => endStates.some((end) => end === state);

/**
 * Somebody's wish to join or to leave, while it waits (mailman-behaviour.md, sections 15 and 16): one item for a list, kind and address, so
 * that there are never two. Each step is one conditional write on it, by its token.
 */
export const requestSchema = z.object({
  list_id: z.string(),
  kind: z.enum(requestKinds),
  email: z.string(),
  display_name: z.string().default(''),
  /** How posts come, when the request says so. */
  delivery_mode: z.enum(deliveryModes).optional(),
  state: z.enum(requestStates),
  /** What moves it on: 128 random bits or more, new in each state that waits, and good for one use. */
  token: z.string(),
  /** The deed that brought it into this state: its repetition does what follows once more, and any other finds the token used. */
  cause: z.string(),
  /** When somebody who reads the mail of the address confirmed it; it stays so, whoever decides later. */
  confirmed_at: z.string().optional(),
  /** The address that confirmed it or the moderator who decided; empty before. */
  by: z.string().default(''),
  comment: z.string().optional(),
  invitation: z.boolean().default(false),
  pre_verified: z.boolean().default(false),
  pre_confirmed: z.boolean().default(false),
  pre_approved: z.boolean().default(false),
  /** Whether the new member is greeted; absent: as the list does it. */
  send_welcome: z.boolean().optional(),
  /** The id of the membership that it makes, chosen at the beginning, so that a repetition makes the same one. */
  member_id: z.string(),
  /** ISO 8601. */
  created_at: z.string(),
  changed_at: z.string(),
  /** After this moment it is nothing any more; every read checks it (design, rule 13). */
  expires_at: z.string(),
});
export type SubscriptionRequest = z.infer<typeof requestSchema>;

/** True of a request in which somebody is waited for. */
export const waits = (request: SubscriptionRequest | undefined): request is SubscriptionRequest =>
  request !== undefined && !isEnded(request.state);

/** Who holds the token of a request, in Mailman's words. */
export const tokenOwner = (state: RequestState): 'no_one' | 'subscriber' | 'moderator' => {
  if (state === 'moderating') return 'moderator';
  return state === 'invited' || state === 'confirming' ? 'subscriber' : 'no_one';
};
