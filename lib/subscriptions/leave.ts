import type { ListSettings } from '../lists/settings.ts';
import type { SubscriptionRequest } from './request.ts';
import { refuse, type Step, type TokenDeed, to } from './step.ts';

/** What somebody with the authority to say so says of a request. */
export type LeaveFlags = Pick<SubscriptionRequest, 'pre_confirmed' | 'pre_approved'>;

/** How it stands with an address and a list when somebody wishes that it leaves. */
export interface LeaveFacts {
  readonly policy: ListSettings['unsubscription_policy'];
  readonly member: boolean;
  readonly pending: boolean;
}

/** What comes of a wish to leave (mailman-behaviour.md, section 15): who has confirmed already needs no moderator. */
export const beginLeave = (
  { pre_confirmed, pre_approved }: LeaveFlags,
  { policy, member, pending }: LeaveFacts,
): Step => {
  if (!member) return refuse('not-a-member');
  if (pending) return refuse('pending');
  switch (policy) {
    case 'open':
      return to('done');
    case 'moderate':
      return pre_approved ? to('done') : to('moderating');
    case 'confirm':
    case 'confirm_then_moderate':
      return pre_confirmed ? to('done') : to('confirming');
  }
};

/** What comes of a deed with the token of a request to leave. */
export const continueLeave = (
  { state, pre_approved }: Pick<SubscriptionRequest, 'state' | 'pre_approved'>,
  deed: TokenDeed,
  { policy }: Pick<LeaveFacts, 'policy'>,
): Step => {
  if (deed === 'discard') return to('discarded');
  if (deed === 'reject') return to('rejected');
  const moderates = (policy === 'moderate' || policy === 'confirm_then_moderate') && !pre_approved;
  return deed === 'confirm' && state === 'confirming' && moderates ? to('moderating') : to('done');
};
