import { listAddress, type MailingList } from '../lists/list.ts';
import { preferenceOf } from '../members/effective.ts';
import type { Member } from '../members/member.ts';
import { renderTemplate } from '../templates/render.ts';
import type { SubscriptionNoticePorts } from './about-subscription.ts';
import { linkParagraph } from './links.ts';
import { oneLine } from './one-line.ts';
import { tellAddress } from './tell-address.ts';

/** Greets a new member (mailman-behaviour.md, section 19.3). `cause` is the deed that made the member. */
export const sendWelcome = async (
  { member, cause, list }: { readonly member: Member; readonly cause: string; readonly list: MailingList },
  ports: SubscriptionNoticePorts,
): Promise<void> => {
  const kind = 'list:user:notice:welcome';
  const { email } = member;
  const user_name = oneLine(member.display_name);
  const page = linkParagraph(
    'This page is yours: there you change how messages come, and can leave the list.',
    await ports.links.membership(member),
  );
  const text = await renderTemplate(kind, list, { user_name, user_email: email, page }, ports);
  const digests = preferenceOf(member, 'delivery_mode') === 'regular' ? '' : ' (digest mode)';
  await tellAddress(
    {
      cause,
      kind,
      list,
      from: listAddress(list, 'request'),
      to: { name: user_name, address: email },
      subject: `Welcome to the mailing list ${list.settings.display_name}${digests}`,
      text,
      at: new Date(member.subscribed_at),
      headers: { 'X-No-Archive': 'yes' },
      metadata: { verp: ports.site.mta.verp_personalized_deliveries },
    },
    ports,
  );
};
