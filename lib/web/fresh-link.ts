import { addressKey } from '../addresses/email-address.ts';
import { listAddress, postingAddress } from '../lists/list.ts';
import { compose } from '../notices/compose.ts';
import { sendNotice } from '../notices/send-notice.ts';
import { renderTemplate } from '../templates/render.ts';
import { html } from './html.ts';
import type { LeaveLink, MemberLink } from './link.ts';
import { momentShown, oneButton, type Page, textPage } from './page.ts';
import type { Visit, WebPorts } from './web-page.ts';
import { wishIdOf } from './wish.ts';

/** So many mails with fresh links one membership gets in a day, whatever old links of it go round. */
const mostInADay = 2;

const dayMs = 86_400_000;

/** Says that a link is too old, and offers another one by mail. */
export const offerFreshLink = async ({ link }: Visit<LeaveLink | MemberLink>): Promise<Page> => ({
  status: 410,
  title: 'This link is too old',
  body: html`<p>It held until ${momentShown(new Date(link.expires * 1000))}. Nothing was changed.</p>
<p>We can send a fresh one by mail to the address that it was made for.</p>
${oneButton('fresh', 'Send a fresh link')}`,
});

/** Sends it, unless the membership is over or had too many today. */
const send = async (
  { link, list, token, now }: Visit<LeaveLink | MemberLink>,
  ports: WebPorts,
): Promise<void> => {
  const { list_id, email, member_id } = link;
  const member = await ports.store.members.get(list_id, 'member', email);
  if (member?.member_id !== member_id) return;
  const page = await ports.links.membership(member);
  if (page === undefined) return;
  const today = now.toISOString().slice(0, 10);
  const cause = wishIdOf(token, `fresh link ${today}`);
  const position = await ports.store.limits.position(
    `fresh-link#${list_id}#${addressKey(email)}#${today}`,
    cause,
    mostInADay,
    new Date(Date.parse(today) + 2 * dayMs),
  );
  if (position === undefined || position > mostInADay) return;
  const kind = 'list:user:notice:link';
  const text = await renderTemplate(kind, list, { user_email: member.email, page }, ports);
  await sendNotice(
    {
      cause,
      kind,
      list,
      to: member.email,
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, 'request') },
            to: { name: '', address: member.email },
            subject: `Your page of the mailing list ${postingAddress(list)}`,
            bulk: false,
            body: { text },
          },
          identity,
        ),
    },
    ports,
  );
};

/** Sends a fresh link to the address of the membership itself. The answer is the same whether there is one or not. */
export const sendFreshLink = async (visit: Visit<LeaveLink | MemberLink>, ports: WebPorts): Promise<Page> => {
  await send(visit, ports);
  return textPage(
    200,
    'Look into your mail',
    'If the address of this link is on the list, a mail with a fresh link is on its way to it.',
  );
};
