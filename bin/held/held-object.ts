import type { HeldMail } from '../../lib/held/held-mail.ts';

/**
 * A held mail for machines: the fields of Mailman's REST API (mailman-rest.md, section 2), its metadata among them, and who has claimed
 * it. The token is left out: who has it can decide by mail.
 */
export const heldObject = (held: HeldMail) => ({
  ...held.metadata,
  request_id: held.request_id,
  listid: held.list_id,
  subject: held.subject,
  sender: held.sender,
  reason: held.reasons.join('; '),
  moderation_reasons: held.reasons,
  moderation_sender: held.sender,
  hold_date: held.hold_date,
  message_id: held.message_id,
  mail_id: held.mail_id,
  claimed_by: held.claimed_by ?? null,
  claimed_at: held.claimed_at ?? null,
});
