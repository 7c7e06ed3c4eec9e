import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { html } from './html.ts';
import type { LeaveLink, MemberLink } from './link.ts';
import type { Page } from './page.ts';

/** Says to who holds the link of a membership that it is over. */
export const leftPage = ({ email }: LeaveLink | MemberLink, list: MailingList): Page => {
  const join = listAddress(list, 'join');
  return {
    status: 200,
    title: 'You have left',
    body: html`<p class="done"><b>${email}</b> is not on the mailing list <b>${postingAddress(list)}</b> any more.</p>
<p>Messages that are on their way already may still arrive.</p>
<p>If you want to come back, write to <a href="mailto:${join}">${join}</a>.</p>`,
  };
};
