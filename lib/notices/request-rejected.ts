import type { MailingList } from '../lists/list.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { renderTemplate } from '../templates/render.ts';
import { momentOf, wishShown } from './about-subscription.ts';
import type { NoticePorts } from './send-notice.ts';
import { tellAddress } from './tell-address.ts';

/** Tells somebody that a moderator did not accept a request to join or to leave, with the moderator's comment. */
export const sendRequestRejected = async (
  request: SubscriptionRequest,
  list: MailingList,
  ports: NoticePorts,
): Promise<void> => {
  const kind = 'list:user:notice:refuse';
  const { email, cause } = request;
  const wish = `Your request to ${wishShown(request, list)}`;
  const reason = request.comment?.trim() || 'No reason was given.';
  const text = await renderTemplate(
    kind,
    list,
    { subject: wish, sender_email: email, request: wish, reason },
    ports,
  );
  const subject = `${wish} was not accepted`;
  await tellAddress(
    { cause, kind, list, to: { address: email }, subject, text, at: momentOf(request) },
    ports,
  );
};
