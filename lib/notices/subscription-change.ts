import { type MailingList, postingAddress } from '../lists/list.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { renderTemplate } from '../templates/render.ts';
import { momentOf, personShown } from './about-subscription.ts';
import type { NoticePorts } from './send-notice.ts';
import { tellAdministrators } from './tell-administrators.ts';

/** Tells owners and moderators who has joined or left, if the list wants that (mailman-behaviour.md, section 19.4). */
export const tellSubscriptionChange = async (
  request: SubscriptionRequest,
  list: MailingList,
  ports: NoticePorts,
): Promise<void> => {
  if (!list.settings.admin_notify_mchanges) return;
  const joined = request.kind === 'join';
  const kind = joined ? 'list:admin:notice:subscribe' : 'list:admin:notice:unsubscribe';
  const { email, cause } = request;
  const text = await renderTemplate(kind, list, { member: personShown(request), user_email: email }, ports);
  await tellAdministrators(
    {
      cause,
      kind,
      list,
      subject: `${email} has ${joined ? 'joined' : 'left'} ${postingAddress(list)}`,
      text,
      at: momentOf(request),
    },
    ports,
  );
};
