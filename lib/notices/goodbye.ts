import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { renderTemplate } from '../templates/render.ts';
import { momentOf } from './about-subscription.ts';
import { compose } from './compose.ts';
import { oneLine } from './one-line.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

/** Tells somebody who has left that it is so (mailman-behaviour.md, section 19.3). */
export const sendGoodbye = async (
  request: SubscriptionRequest,
  list: MailingList,
  ports: NoticePorts,
): Promise<void> => {
  const kind = 'list:user:notice:goodbye';
  const { email, cause } = request;
  const user_name = oneLine(request.display_name);
  const text = await renderTemplate(kind, list, { user_name, user_email: email }, ports);
  await sendNotice(
    {
      cause,
      kind,
      list,
      to: email,
      at: momentOf(request),
      metadata: { verp: ports.site.mta.verp_personalized_deliveries },
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, 'bounces') },
            to: { name: user_name, address: email },
            subject: `You have left ${postingAddress(list)}`,
            body: { text },
          },
          identity,
        ),
    },
    ports,
  );
};
