import { withoutApprovedLine } from '../mail/approved-line.ts';
import type { Handler } from './handler.ts';

/**
 * Takes the password of the moderators out of the text of a post, whether it was the right one or not; the rule `approved` has seen it, and
 * `cleanse` removes it from the header. The password itself is in no record: it is found in the mail again, whose stored bytes stay as they came.
 */
export const approvedLine: Handler = {
  name: 'approved-line',
  process: ({ mail, metadata }) =>
    metadata.has_approved === true ? [{ kind: 'change-mail', mail: withoutApprovedLine(mail) }] : [],
};
