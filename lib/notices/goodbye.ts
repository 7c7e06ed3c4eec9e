import { type MailingList, postingAddress } from '../lists/list.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { renderTemplate } from '../templates/render.ts';
import { momentOf } from './about-subscription.ts';
import { oneLine } from './one-line.ts';
import type { NoticePorts } from './send-notice.ts';
import { tellAddress } from './tell-address.ts';

/** Tells somebody who has left that it is so (mailman-behaviour.md, section 19.3). */
export const sendGoodbye = async (
  request: Pick<SubscriptionRequest, 'email' | 'cause' | 'display_name' | 'changed_at'>,
  list: MailingList,
  ports: NoticePorts,
): Promise<void> => {
  const kind = 'list:user:notice:goodbye';
  const { email, cause } = request;
  const user_name = oneLine(request.display_name);
  const text = await renderTemplate(kind, list, { user_name, user_email: email }, ports);
  await tellAddress(
    {
      cause,
      kind,
      list,
      to: { name: user_name, address: email },
      subject: `You have left ${postingAddress(list)}`,
      text,
      at: momentOf(request),
      metadata: { verp: ports.site.mta.verp_personalized_deliveries },
    },
    ports,
  );
};
