import { type MailingList, postingAddress } from '../lists/list.ts';
import type { SubscriptionRequest } from '../subscriptions/request.ts';
import { html } from './html.ts';
import { type ConfirmLink, confirmLinkSchema } from './link.ts';
import { oneButton, onItsWay, type Page, textPage } from './page.ts';
import type { Visit, WebPage, WebPorts } from './web-page.ts';
import { doWish } from './wish.ts';

/** The request that the link confirms, while it waits for that. */
const waiting = async (
  { link: { list_id, email, token }, now }: Visit<ConfirmLink>,
  { store }: WebPorts,
): Promise<SubscriptionRequest | undefined> => {
  const request = await store.requests.byToken(token, now);
  const same = request?.list_id === list_id && request.email === email;
  return same && (request.state === 'invited' || request.state === 'confirming') ? request : undefined;
};

/** What an address wishes of a list. */
type Wished = Pick<ConfirmLink, 'list_id' | 'kind' | 'email'>;

/** Asks whether an address joins or leaves. */
export const askToConfirm = ({ kind, email }: Wished, list: MailingList): Page => {
  const name = html`<b>${postingAddress(list)}</b>`;
  return kind === 'join'
    ? {
        status: 200,
        title: 'Join the list?',
        body: html`<p>Do you want to get the messages of the mailing list ${name} at <b>${email}</b>?</p>
${oneButton('confirm', 'Join the list')}<p class="small">If not, just close this page. Then nobody is subscribed.</p>`,
      }
    : {
        status: 200,
        title: 'Leave the list?',
        body: html`<p>Do you want to take <b>${email}</b> off the mailing list ${name}?</p>
${oneButton('confirm', 'Leave the list')}<p class="small">If not, just close this page. Then you stay on the list.</p>`,
      };
};

/** What is said to an address that is banned. */
export const notAdmitted: Page = textPage(
  403,
  'This address cannot join',
  'The owners of the list do not admit it.',
);

/** What is said of a link that has done what it was for, or whose time is over. */
export const usedUp: Page = textPage(
  410,
  'This link was used, or is too old',
  'It does nothing any more, and nothing was changed just now.',
  'If you still want what it was for, please ask once more as you did before.',
);

const done = ({ kind, email }: Wished, list: MailingList): Page => {
  const name = html`<b>${postingAddress(list)}</b>`;
  const [title, text] =
    kind === 'join'
      ? ['You are on the list', html`<b>${email}</b> gets the messages of the mailing list ${name}.`]
      : ['You have left', html`<b>${email}</b> is not on the mailing list ${name} any more.`];
  return { status: 200, title, body: html`<p class="done">${text}</p>\n<p>You can close this page.</p>` };
};

/** What has come of what somebody has confirmed, as far as they may know who read the mail of that address. */
export const whatCameOfIt = async (
  { link, list, now }: { readonly link: Wished; readonly list: MailingList; readonly now: Date },
  { store }: WebPorts,
): Promise<Page> => {
  const { list_id, kind, email } = link;
  const [member, request] = await Promise.all([
    store.members.get(list_id, 'member', email),
    store.requests.get(list_id, kind, email, now),
  ]);
  if (request?.state === 'moderating') {
    return textPage(
      200,
      'A moderator is asked',
      html`Your wish is confirmed. A moderator of <b>${postingAddress(list)}</b> decides on it, and you get a mail then.`,
    );
  }
  return (member !== undefined) === (kind === 'join') ? done(link, list) : usedUp;
};

/** The page on which an address confirms that it joins or leaves. */
export const confirmPage: WebPage<ConfirmLink> = {
  schema: confirmLinkSchema,
  show: async (visit, ports) =>
    (await waiting(visit, ports)) === undefined
      ? whatCameOfIt(visit, ports)
      : askToConfirm(visit.link, visit.list),
  act: async (visit, form, ports) => {
    const { link, token } = visit;
    if (form.field('deed') !== 'confirm') return confirmPage.show(visit, ports);
    if ((await waiting(visit, ports)) === undefined) return whatCameOfIt(visit, ports);
    const wish = { listid: link.list_id, deed: 'confirm', token: link.token, by: link.email } as const;
    const outcome = await doWish(wish, token, ports);
    if (outcome === undefined) {
      return onItsWay(link.kind === 'join' ? 'You join the list.' : 'You leave the list.');
    }
    if (outcome.kind === 'refused' && outcome.reason === 'banned') {
      return notAdmitted;
    }
    return whatCameOfIt(visit, ports);
  },
  showExpired: async () => usedUp,
  actExpired: async () => usedUp,
};
