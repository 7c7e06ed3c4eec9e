import type { RequestState } from './request.ts';

/**
 * Why a wish comes to nothing: the words of the workflow. Whoever answers a stranger must not repeat `member` or `not-a-member`, because
 * who is on a list is nobody's business: the address itself is told.
 */
export const refusals = [
  'invalid-address',
  'list-address',
  'member',
  'not-a-member',
  'banned',
  'pending',
  'too-many',
  'unknown-token',
] as const;
export type Refusal = (typeof refusals)[number];

/** Where a request goes next, or why it does not. */
export type Step =
  | { readonly kind: 'to'; readonly state: RequestState }
  | { readonly kind: 'refuse'; readonly reason: Refusal };

/** What can be done with the token of a request: `confirm` by who has it, the others by a moderator. */
export type TokenDeed = 'confirm' | 'accept' | 'reject' | 'discard';

/** The step to a state. */
export const to = (state: RequestState): Step => ({ kind: 'to', state });

/** The step to nowhere. */
export const refuse = (reason: Refusal): Step => ({ kind: 'refuse', reason });
