import { applyEdits, replace } from '../../mail/header-edits.ts';
import type { CopyStep } from './copy-step.ts';

const field = 'List-Unsubscribe';

/**
 * Lets a member leave by one click in the mail program (RFC 8058): the page by which this member leaves stands before the address that takes anybody's wish
 * to leave, and one more field says that it takes a POST. Only where the list has put its own List-Unsubscribe: one that the author's mail brought along would be
 * about another list. Both fields must be covered by the DKIM signature that whoever signs makes after this (section 4).
 */
export const oneClickUnsubscribe: CopyStep = {
  name: 'one-click-unsubscribe',
  make: (mail, { entry, plan, listId, links }) => {
    if (links === undefined || entry.member === undefined || plan.voice !== 'post') return mail;
    const leave = `<mailto:${plan.list.address.replace('@', '-leave@')}>`;
    const own = mail.fields.some(({ key, raw }) => key === field.toLowerCase() && raw.includes(leave));
    if (!own) return mail;
    const link = links.leave({ list_id: listId, member_id: entry.member, email: entry.email });
    return applyEdits(mail, [
      ...replace(field, `<${link}>, ${leave}`),
      ...replace('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'),
    ]);
  },
};
