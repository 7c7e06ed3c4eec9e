import { ShuntError } from '../errors/shunt-error.ts';
import type { MailingList } from '../lists/list.ts';
import type { SubscriptionMessage } from '../queue/messages.ts';
import { beginToJoin, beginToLeave } from '../subscriptions/begin.ts';
import { carryOut } from '../subscriptions/carry-out.ts';
import { moveOn } from '../subscriptions/move-on.ts';
import type { SubscriptionOutcome } from '../subscriptions/outcome.ts';
import type { SubscriptionPorts } from '../subscriptions/ports.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';

const decide = (
  message: SubscriptionMessage,
  list: MailingList,
  ports: SubscriptionPorts,
): Promise<SubscriptionOutcome> => {
  const { deed } = message;
  switch (deed) {
    case 'join':
      return beginToJoin(message, list, ports);
    case 'leave':
      return beginToLeave(message, list, ports);
    case 'confirm':
    case 'accept':
    case 'reject':
    case 'discard':
      return moveOn(message, deed, list, ports);
  }
};

/**
 * Whether what follows from a request is done by a message: by that of the deed which won, and by another wish to end the same membership, which cannot know
 * whether the first one lives.
 */
const isToFollow = (
  { cause, kind, state }: SubscriptionRequest,
  { id, deed }: SubscriptionMessage,
): boolean => cause === id || (deed === 'leave' && kind === 'leave' && state === 'done');

/**
 * Does what somebody wants of a subscription of a list: it finds how things stand, asks the workflow for the next step, and commits it by one conditional
 * write on the request. What follows is done from the request as it was committed, by the message of the deed that won, again and again until it is
 * done; any other message changes nothing.
 */
export const doSubscription = async (
  message: SubscriptionMessage,
  list: MailingList,
  ports: SubscriptionPorts,
): Promise<SubscriptionOutcome> => {
  const outcome = await decide(message, list, ports);
  if (outcome.kind === 'request' && isToFollow(outcome.request, message)) {
    await carryOut(outcome.request, list, ports);
  }
  ports.log.subscription({
    id: message.id,
    list: message.listid,
    deed: message.deed,
    outcome: outcome.kind === 'request' ? outcome.request.state : outcome.reason,
  });
  return outcome;
};

/**
 * The same for a message, which names its list.
 * @throws ShuntError when the list is gone.
 */
export const runSubscription = async (
  message: SubscriptionMessage,
  ports: SubscriptionPorts,
): Promise<SubscriptionOutcome> => {
  const list = await ports.store.lists.byId(message.listid);
  if (list === undefined) throw new ShuntError(`The list ${message.listid} does not exist any more.`);
  return doSubscription(message, list, ports);
};
