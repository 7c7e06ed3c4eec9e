import type { HeldMail } from '../held/held-mail.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import { renderTemplate } from '../templates/render.ts';
import { answerableHeld, answerHeld } from './answer-held.ts';
import { subjectShown } from './reasons.ts';
import type { NoticePorts } from './send-notice.ts';

/** Tells the author of a held post that a moderator did not accept it, with the moderator's comment. */
export const sendRefusal = async (
  held: HeldMail,
  list: MailingList,
  comment: string | undefined,
  ports: NoticePorts,
): Promise<void> => {
  const original = await answerableHeld(held, ports);
  if (original === undefined) return;
  const kind = 'list:user:notice:refuse';
  const reason = comment?.trim();
  const subject = subjectShown(held.subject);
  const text = await renderTemplate(
    kind,
    list,
    {
      subject,
      sender_email: original.author,
      request: `Your post "${subject}"`,
      reason: reason === undefined || reason === '' ? 'No reason was given.' : reason,
    },
    ports,
  );
  await answerHeld(
    held,
    {
      original,
      kind,
      list,
      subject: `Your post to ${postingAddress(list)} was not accepted`,
      text,
    },
    ports,
  );
};
