import type { ListSettings } from '../lists/settings.ts';
import type { SubscriptionRequest } from './request.ts';
import { refuse, type Step, type TokenDeed, to } from './step.ts';

/** What somebody with the authority to say so says of a request (mailman-behaviour.md, section 15). */
export type JoinFlags = Pick<
  SubscriptionRequest,
  'invitation' | 'pre_verified' | 'pre_confirmed' | 'pre_approved'
>;

/** How it stands with an address and a list when somebody wishes that it joins. */
export interface JoinFacts {
  readonly policy: ListSettings['subscription_policy'];
  /** Whether it can be an address at all. */
  readonly valid: boolean;
  /** Whether it is an address of this site's lists. */
  readonly own: boolean;
  readonly member: boolean;
  readonly banned: boolean;
  /** Whether a request of it waits on this list. */
  readonly pending: boolean;
  readonly verified: boolean;
}

const needsModerator = (policy: JoinFacts['policy']): boolean =>
  policy === 'moderate' || policy === 'confirm_then_moderate';

const refusal = ({ valid, own, member, banned, pending }: JoinFacts): Step | undefined => {
  if (!valid) return refuse('invalid-address');
  if (own) return refuse('list-address');
  if (member) return refuse('member');
  if (banned) return refuse('banned');
  return pending ? refuse('pending') : undefined;
};

/**
 * What comes of a wish to join (mailman-behaviour.md, section 15). An address that nobody has verified confirms first, whatever the policy: else
 * anybody could subscribe anybody.
 */
export const beginJoin = (flags: JoinFlags, facts: JoinFacts): Step => {
  const refused = refusal(facts);
  if (refused !== undefined) return refused;
  if (flags.invitation) return to('invited');
  if (!facts.verified && !flags.pre_verified) return to('confirming');
  const confirms = facts.policy === 'confirm' || facts.policy === 'confirm_then_moderate';
  if (confirms && !flags.pre_confirmed) return to('confirming');
  return needsModerator(facts.policy) && !flags.pre_approved ? to('moderating') : to('done');
};

/**
 * What comes of a deed with the token of a request to join. Who confirms has read what was sent to the address. A moderator who accepts ends every
 * waiting, that for the address as well, as somebody who adds a member does.
 */
export const continueJoin = (
  { state, invitation, pre_approved }: Pick<SubscriptionRequest, 'state' | 'invitation' | 'pre_approved'>,
  deed: TokenDeed,
  { policy, banned }: Pick<JoinFacts, 'policy' | 'banned'>,
): Step => {
  if (deed === 'discard') return to('discarded');
  if (deed === 'reject') return to('rejected');
  if (banned) return refuse('banned');
  const waitsForAddress = state === 'confirming' || state === 'invited';
  const approved = invitation || pre_approved || !needsModerator(policy);
  return deed === 'confirm' && waitsForAddress && !approved ? to('moderating') : to('done');
};
