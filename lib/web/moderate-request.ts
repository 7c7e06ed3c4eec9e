import { type MailingList, postingAddress } from '../lists/list.ts';
import { personShown } from '../notices/about-subscription.ts';
import { isEnded, type SubscriptionRequest } from '../subscriptions/request.ts';
import { decidedBefore, decidedPage, decides, decisionPage, reasonIn } from './decision-page.ts';
import { type Html, html } from './html.ts';
import { type RequestLink, requestLinkSchema } from './link.ts';
import { momentShown, onItsWay, type Page, textPage } from './page.ts';
import type { Visit, WebPage, WebPorts } from './web-page.ts';
import { byLink, doWish } from './wish.ts';

const what = 'The request';

const says = {
  join: {
    wish: 'Somebody wants to join this list.',
    accept: 'They become a member.',
    reject: 'They do not become a member, and are told.',
    discard: 'They do not become a member, and nobody is told.',
  },
  leave: {
    wish: 'Somebody wants to leave this list.',
    accept: 'They are taken off the list.',
    reject: 'They stay on the list, and are told.',
    discard: 'They stay on the list, and nobody is told.',
  },
} as const;

const requestShown = (
  request: SubscriptionRequest,
  list: MailingList,
): Html => html`<p>${says[request.kind].wish}</p>
<dl>
<dt>List</dt><dd>${postingAddress(list)}</dd>
<dt>Who</dt><dd>${personShown(request)}</dd>
<dt>Since</dt><dd>${momentShown(request.changed_at)}</dd>
</dl>`;

/** The request that the link decides on, while it waits for that. */
const waiting = async (
  { link, now }: Visit<RequestLink>,
  { store }: WebPorts,
): Promise<SubscriptionRequest | undefined> => {
  const request = await store.requests.byToken(link.token, now);
  const same =
    request?.list_id === link.list_id && request.kind === link.kind && request.email === link.email;
  return same && request.state === 'moderating' ? request : undefined;
};

/** What has come of it. */
const told = async (
  { link: { list_id, kind, email }, list, now }: Visit<RequestLink>,
  { store }: WebPorts,
): Promise<Page> => {
  const request = await store.requests.get(list_id, kind, email, now);
  return request !== undefined && isEnded(request.state)
    ? decidedPage(
        what,
        html`<b>${email}</b> asked to ${kind} the mailing list <b>${postingAddress(list)}</b>.`,
        { deed: request.state, by: request.by, at: request.changed_at },
      )
    : decidedBefore(what);
};

const shown = async (visit: Visit<RequestLink>, ports: WebPorts): Promise<Page> => {
  const request = await waiting(visit, ports);
  if (request === undefined) return told(visit, ports);
  const { link, list } = visit;
  const question = { what: 'request', shown: requestShown(request, list), says: says[link.kind] };
  return decisionPage(question, link, await ports.key());
};

/** The page on which a moderator decides on a request to join or to leave. */
export const requestPage: WebPage<RequestLink> = {
  schema: requestLinkSchema,
  show: shown,
  act: async (visit, form, ports) => {
    const { link, token } = visit;
    if (!decides(form, link) || (await waiting(visit, ports)) === undefined) return shown(visit, ports);
    const { decision: deed } = link;
    const comment = deed === 'reject' ? reasonIn(form) : undefined;
    const wish = { listid: link.list_id, deed, token: link.token, by: byLink };
    const outcome = await doWish({ ...wish, ...(comment === undefined ? {} : { comment }) }, token, ports);
    if (outcome === undefined) return onItsWay('Your decision is noted.');
    if (outcome.kind === 'refused' && outcome.reason === 'banned') {
      return textPage(409, 'This address is banned', 'Take the ban off first, or reject the request.');
    }
    return told(visit, ports);
  },
  showExpired: async () => decidedBefore(what),
  actExpired: async () => decidedBefore(what),
};
