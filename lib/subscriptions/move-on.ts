import { banOf } from '../bans/bans.ts';
import type { MailingList } from '../lists/list.ts';
import type { SubscriptionMessage } from '../queue/messages.ts';
import { continueJoin } from './join.ts';
import { continueLeave } from './leave.ts';
import { changeTo } from './new-request.ts';
import type { SubscriptionOutcome } from './outcome.ts';
import type { SubscriptionPorts } from './ports.ts';
import { isEnded, type SubscriptionRequest } from './request.ts';
import type { Step, TokenDeed } from './step.ts';

const unknown: SubscriptionOutcome = { kind: 'refused', reason: 'unknown-token' };

const nextStep = async (
  request: SubscriptionRequest,
  deed: TokenDeed,
  { list_id, settings }: MailingList,
  { store }: SubscriptionPorts,
): Promise<Step> => {
  if (request.kind === 'leave') {
    return continueLeave(request, deed, { policy: settings.unsubscription_policy });
  }
  const banned = banOf(request.email, await store.bans.read(list_id)) !== undefined;
  return continueJoin(request, deed, { policy: settings.subscription_policy, banned });
};

/** Who has confirmed is the address that the token was sent to, whichever address the answer came from. */
const confirms = ({ state }: SubscriptionRequest, deed: TokenDeed): boolean =>
  deed === 'confirm' && state !== 'moderating';

/**
 * Moves a request on by its token, which is good for one deed: the first one wins, and any other finds the token unknown. The commit is the one
 * conditional write on the request.
 */
export const moveOn = async (
  message: SubscriptionMessage,
  deed: TokenDeed,
  list: MailingList,
  ports: SubscriptionPorts,
): Promise<SubscriptionOutcome> => {
  const { store, clock, site } = ports;
  const { token = '', id, by } = message;
  const now = clock.now();
  const request = token === '' ? undefined : await store.requests.byToken(token, now, id);
  if (request === undefined || request.list_id !== list.list_id) return unknown;
  if (request.cause === id) return { kind: 'request', request };
  // What has ended has no token, and nothing more to say.
  if (isEnded(request.state)) return unknown;
  const step = await nextStep(request, deed, list, ports);
  if (step.kind === 'refuse') return { kind: 'refused', reason: step.reason };
  const confirmed = confirms(request, deed);
  const change = {
    ...changeTo(step.state, { ...message, by: confirmed ? request.email : by }, now, site),
    // It is in the commit: whoever confirms may die before the address is known as verified, and a moderator be next.
    ...(confirmed ? { confirmed_at: now.toISOString() } : {}),
  };
  const advanced = await store.requests.advance(request, change, now);
  return advanced.kind === 'used' ? unknown : { kind: 'request', request: advanced.request };
};
