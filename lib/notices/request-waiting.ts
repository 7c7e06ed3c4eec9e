import { type MailingList, postingAddress } from '../lists/list.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { renderTemplate } from '../templates/render.ts';
import { momentOf, personShown, type SubscriptionNoticePorts, wishShown } from './about-subscription.ts';
import { decisionParagraphs } from './links.ts';
import { replyMail } from './reply-mail.ts';
import { tellAdministrators } from './tell-administrators.ts';

const replyText = ({ kind, email }: SubscriptionRequest, list: MailingList): string =>
  `Reply to this message, with its subject as it is, and the request is ACCEPTED: ${email} ${
    kind === 'join' ? 'joins' : 'leaves'
  } ${postingAddress(list)}.

If you want to reject the request, or to drop it, do not reply to this message.
`;

/** Asks owners and moderators to decide on a request to join or to leave, if the list wants that at once (mailman-behaviour.md, section 15). */
export const sendRequestWaiting = async (
  request: SubscriptionRequest,
  list: MailingList,
  ports: SubscriptionNoticePorts,
): Promise<void> => {
  if (!list.settings.admin_immed_notify) return;
  const { token, email, cause } = request;
  const kind = request.kind === 'join' ? 'list:admin:action:subscribe' : 'list:admin:action:unsubscribe';
  const pages = decisionParagraphs(await ports.links.decide(request));
  const text = await renderTemplate(
    kind,
    list,
    { member: personShown(request), user_email: email, token, pages },
    ports,
  );
  await tellAdministrators(
    {
      cause,
      kind,
      list,
      subject: `A request of ${email} to ${wishShown(request, list)} awaits approval`,
      text,
      attached: (identity) => [replyMail({ token, text: replyText(request, list), list }, identity)],
      at: momentOf(request),
    },
    ports,
  );
};
