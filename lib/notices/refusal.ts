import type { HeldMail } from '../held/held-mail.ts';
import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { renderTemplate } from '../templates/render.ts';
import { answerable } from './author.ts';
import { compose } from './compose.ts';
import { answerTo } from './conversation.ts';
import { subjectShown } from './reasons.ts';
import { type NoticePorts, sendNotice } from './send-notice.ts';

/** Tells the author of a held post that a moderator did not accept it, with the moderator's comment. */
export const sendRefusal = async (
  held: HeldMail,
  list: MailingList,
  comment: string | undefined,
  ports: NoticePorts,
): Promise<void> => {
  const original = await answerable({ ...held, id: held.mail_id, author: held.sender }, ports);
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
  await sendNotice(
    {
      cause: held.mail_id,
      kind,
      list,
      to: original.author,
      compose: (identity) =>
        compose(
          {
            from: { name: list.settings.display_name, address: listAddress(list, 'bounces') },
            to: { name: '', address: original.author },
            subject: `Your post to ${postingAddress(list)} was not accepted`,
            answers: answerTo(held.message_id, original.mail),
            body: { text },
          },
          identity,
        ),
    },
    ports,
  );
};
