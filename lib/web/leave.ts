import { type MailingList, postingAddress } from '../lists/list.ts';
import { isEnded } from '../subscriptions/request.ts';
import { offerFreshLink, sendFreshLink } from './fresh-link.ts';
import { html } from './html.ts';
import { leftPage } from './left-page.ts';
import { type LeaveLink, leaveLinkSchema } from './link.ts';
import { nothingHere, oneButton, onItsWay, type Page } from './page.ts';
import type { Form, Visit, WebPage, WebPorts } from './web-page.ts';
import { doWish } from './wish.ts';

const ask = ({ email }: LeaveLink, list: MailingList): Page => ({
  status: 200,
  title: 'Leave the list?',
  body: html`<p>Do you want to take <b>${email}</b> off the mailing list <b>${postingAddress(list)}</b>?</p>
${oneButton('leave', 'Leave the list')}<p class="small">If not, just close this page. Nothing has been changed.</p>`,
});

/** How it stands with the membership that a link names. */
const standing = async (
  { list_id, email, member_id }: LeaveLink,
  { store }: WebPorts,
): Promise<'member' | 'gone' | 'another'> => {
  const member = await store.members.get(list_id, 'member', email);
  if (member === undefined) return 'gone';
  return member.member_id === member_id ? 'member' : 'another';
};

/**
 * Wishes to leave as somebody who has confirmed and needs nobody's approval. Where a request to leave waits for a confirmation or a moderator, that one is
 * ended by it: there are never two.
 */
const wishToLeave = async ({ link, token, now }: Visit<LeaveLink>, ports: WebPorts): Promise<void> => {
  const { list_id: listid, email } = link;
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
    const now = await standing(link, ports);
    if (now === 'another') return nothingHere;
    return now === 'gone' ? leftPage(link, list) : ask(link, list);
  },
  act: async (visit, form, ports) => {
    const { link, list } = visit;
    if (!isWish(form)) return leavePage.show(visit, ports);
    for (let left = tries; left > 0; left -= 1) {
      const now = await standing(link, ports);
      if (now === 'gone') return leftPage(link, list);
      if (now === 'another') return nothingHere;
      await wishToLeave(visit, ports);
    }
    return (await standing(link, ports)) === 'gone' ? leftPage(link, list) : onItsWay('You leave the list.');
  },
  showExpired: offerFreshLink,
  actExpired: sendFreshLink,
};
