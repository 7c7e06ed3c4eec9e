import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { renderTemplate } from '../templates/render.ts';
import { momentOf, wishShown } from './about-subscription.ts';
import { compose } from './compose.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

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
  await sendNotice(
    {
      cause,
      kind,
      list,
      to: email,
      at: momentOf(request),
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, 'bounces') },
            to: { name: '', address: email },
            subject: `Your request to ${request.kind} ${postingAddress(list)} was not accepted`,
            body: { text },
          },
          identity,
        ),
    },
    ports,
  );
};
