import type { SubscriptionRequest } from './request.ts';
import type { Refusal } from './step.ts';

/** What came of a wish: where its request stands now, or why it came to nothing. */
export type SubscriptionOutcome =
  | { readonly kind: 'request'; readonly request: SubscriptionRequest }
  | { readonly kind: 'refused'; readonly reason: Refusal };
