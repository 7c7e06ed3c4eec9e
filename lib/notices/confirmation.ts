import type { MailingList } from '../lists/list.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { renderTemplate } from '../templates/render.ts';
import { momentOf, type SubscriptionNoticePorts } from './about-subscription.ts';
import { linkParagraph } from './links.ts';
import { tellAddress } from './tell-address.ts';

const templateOf = ({ kind, state }: SubscriptionRequest) => {
  if (state === 'invited') return 'list:user:action:invite';
  return kind === 'join' ? 'list:user:action:subscribe' : 'list:user:action:unsubscribe';
};

/**
 * Asks an address to confirm that it joins or leaves, or invites it (mailman-behaviour.md, section 15). A reply goes to From, whose detail is the token; the
 * subject names the token as well, for programs that lose it. The envelope sender is the -bounces address, as with every notice: so that a
 * vacation notice, which answers the envelope sender (RFC 3834, section 4), never reaches the address that confirms.
 */
export const sendConfirmation = async (
  request: SubscriptionRequest,
  list: MailingList,
  ports: SubscriptionNoticePorts,
): Promise<void> => {
  const { token, email, cause } = request;
  const kind = templateOf(request);
  const confirm_email = `${list.list_name}-confirm${ports.site.mta.verp_delimiter}${token}@${list.mail_host}`;
  const page = linkParagraph(
    'Or open this page, and press the button that is there:',
    await ports.links.confirm(request),
  );
  const text = await renderTemplate(kind, list, { token, confirm_email, user_email: email, page }, ports);
  await tellAddress(
    {
      cause,
      kind,
      list,
      from: confirm_email,
      to: { address: email },
      subject: `confirm ${token}`,
      text,
      at: momentOf(request),
      // Some filters file away what is bulk, and this is waited for.
      bulk: false,
    },
    ports,
  );
};
