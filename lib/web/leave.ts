import { type MailingList, postingAddress } from '../lists/list.ts';
import type { Member } from '../members/member.ts';
import { isEnded } from '../subscriptions/request.ts';
import { offerFreshLink, sendFreshLink } from './fresh-link.ts';
import { html } from './html.ts';
import { leftPage } from './left-page.ts';
import { type LeaveLink, leaveLinkSchema } from './link.ts';
import { addressShown, namedMembership } from './named-membership.ts';
import { nothingHere, oneButton, onItsWay, type Page } from './page.ts';
import type { Form, Visit, WebPage, WebPorts } from './web-page.ts';
import { doWish } from './wish.ts';

const ask = (link: LeaveLink, member: Member, list: MailingList): Page => ({
  status: 200,
  title: 'Leave the list?',
  body: html`<p>Do you want to take ${addressShown(link, member)} off the mailing list <b>${postingAddress(list)}</b>?</p>
${oneButton('leave', 'Leave the list')}<p class="small">If not, just close this page. Nothing has been changed.</p>`,
});

/**
 * Wishes to leave as somebody who has confirmed and needs nobody's approval. Where a request to leave waits for a confirmation or a moderator, that one is
 * ended by it: there are never two.
 */
const wishToLeave = async (
  { token, now }: Visit<LeaveLink>,
  { list_id: listid, email }: Member,
  ports: WebPorts,
): Promise<void> => {
  const waiting = await ports.store.requests.get(listid, 'leave', email, now);
  await doWish(
    waiting !== undefined && !isEnded(waiting.state)
      ? { listid, deed: 'accept', token: waiting.token, by: email }
      : { listid, deed: 'leave', email, pre_confirmed: true, pre_approved: true, by: email },
    token,
    ports,
  );
};

/** RFC 8058, section 3.2: a mail program posts this and shows nothing; our own button posts the other. */
const isWish = (form: Form): boolean =>
  form.field('deed') === 'leave' || form.field('List-Unsubscribe') === 'One-Click';

/** Who asked to leave in the same moment by mail was faster with a request of theirs; then that one is to be ended. */
const tries = 2;

/** The page on which a member leaves: it asks, and by POST does it, whatever `unsubscription_policy` says. */
export const leavePage: WebPage<LeaveLink> = {
  schema: leaveLinkSchema,
  show: async ({ link, list }, ports) => {
    const named = await namedMembership(link, ports);
    if (named.kind === 'another') return nothingHere;
    return named.kind === 'gone' ? leftPage(link, list) : ask(link, named.member, list);
  },
  act: async (visit, form, ports) => {
    const { link, list } = visit;
    if (!isWish(form)) return leavePage.show(visit, ports);
    for (let left = tries; left > 0; left -= 1) {
      const named = await namedMembership(link, ports);
      if (named.kind === 'gone') return leftPage(link, list);
      if (named.kind === 'another') return nothingHere;
      await wishToLeave(visit, named.member, ports);
    }
    const { kind } = await namedMembership(link, ports);
    return kind === 'gone' ? leftPage(link, list) : onItsWay('You leave the list.');
  },
  showExpired: offerFreshLink,
  actExpired: sendFreshLink,
};
