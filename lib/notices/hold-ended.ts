import type { HeldMail } from '../held/held-mail.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import { renderTemplate } from '../templates/render.ts';
import { oneLine } from './one-line.ts';
import { reasonsText, subjectShown } from './reasons.ts';
import type { NoticePorts } from './send-notice.ts';
import { tellAdministrators } from './tell-administrators.ts';

const daysText = (days: number): string => (days === 1 ? '1 day' : `${days} days`);

/** Tells owners and moderators that a post was dropped because nobody decided on it in time. */
export const sendHoldEnded = async (held: HeldMail, list: MailingList, ports: NoticePorts): Promise<void> => {
  const kind = 'list:admin:notice:hold-ended';
  const sender = held.sender === '' ? 'an unknown sender' : oneLine(held.sender);
  const { max_days_to_hold: days } = list.settings;
  const text = await renderTemplate(
    kind,
    list,
    {
      subject: subjectShown(held.subject),
      sender_email: sender,
      reasons: reasonsText(held.reasons, 'No reason is known.'),
      hold_date: held.hold_date.slice(0, 10),
      days: daysText(days),
    },
    ports,
  );
  await tellAdministrators(
    {
      cause: held.mail_id,
      kind,
      list,
      subject: `A post to ${postingAddress(list)} waited too long and was dropped`,
      text,
    },
    ports,
  );
};
