import { type SubscriptionRequest, tokenOwner } from '../../lib/subscriptions/request.ts';

/** A request as machines read it, in Mailman's words where it has them. */
export const requestObject = (request: SubscriptionRequest) => ({
  list_id: request.list_id,
  type: request.kind === 'join' ? 'subscription' : 'unsubscription',
  email: request.email,
  display_name: request.display_name,
  state: request.state,
  token: request.token,
  token_owner: tokenOwner(request.state),
  when: request.created_at,
  changed_at: request.changed_at,
  expires_at: request.expires_at,
  by: request.by,
});
