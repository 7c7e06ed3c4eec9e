import { append, hasField, remove } from '../mail/header-edits.ts';
import { mailDate } from '../mail/mail-date.ts';
import type { Handler } from './handler.ts';

const header = 'X-Mailman-Approved-At';

/**
 * Tells in the post when a moderator accepted it (mailman-behaviour.md, section 8). Mailman adds the header when the moderator
 * acts; here it follows from the decision on the mail's record, so that a post that is made again is the same post. One that
 * the mail brought along tells of another list, or pretends, and is removed.
 */
export const approvedAt: Handler = {
  name: 'approved-at',
  process: ({ record: { moderation }, mail }) => {
    const accepted = moderation?.deed === 'accept';
    const edits = [
      ...(hasField(mail, header) ? [remove(header)] : []),
      ...(accepted ? [append(header, mailDate(new Date(moderation.at)))] : []),
    ];
    return [
      ...(edits.length === 0 ? [] : [{ kind: 'edit-header', edits } as const]),
      ...(accepted
        ? [{ kind: 'add-metadata', metadata: { approved: true, moderator_approved: true } } as const]
        : []),
    ];
  },
};
