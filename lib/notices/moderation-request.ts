import type { HeldMail } from '../held/held-mail.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import { renderTemplate } from '../templates/render.ts';
import { decisionParagraphs, type Links } from './links.ts';
import { oneLine } from './one-line.ts';
import { reasonsText, subjectShown } from './reasons.ts';
import { replyMail } from './reply-mail.ts';
import type { NoticePorts } from './send-notice.ts';
import { tellAdministrators } from './tell-administrators.ts';

const accepting = (list: MailingList): string =>
  list.settings.moderator_password === null
    ? `This list has no moderator password, so a post cannot be accepted by mail. Use npx belfry held accept, or set moderator_password.`
    : `To ACCEPT the post, reply with a first line that says "Approved:" and then the moderators' password. With a wrong password nothing happens.`;

const replyText = (list: MailingList): string =>
  `Reply to this message, with its subject as it is, and the post is DISCARDED: nobody gets it, and its author is not told.

${accepting(list)}
`;

/** What asking moderators needs of the world; without links there are no web pages. */
export type ModerationRequestPorts = NoticePorts & { readonly links?: Pick<Links, 'moderate'> };

/**
 * Asks owners and moderators to decide on a held post, if the list wants that at once: a text, the post, and a mail to reply to
 * (mailman-behaviour.md, section 7).
 */
export const sendModerationRequest = async (
  held: HeldMail,
  list: MailingList,
  ports: ModerationRequestPorts,
): Promise<void> => {
  if (!list.settings.admin_immed_notify) return;
  const post = await ports.blobs.get(held.blob);
  // A post that is gone was decided on, and there is nothing to ask any more.
  if (post === undefined) return;
  const kind = 'list:admin:action:post';
  const sender = held.sender === '' ? 'an unknown sender' : oneLine(held.sender);
  const pages = decisionParagraphs(await ports.links?.moderate(held));
  const text = await renderTemplate(
    kind,
    list,
    {
      subject: subjectShown(held.subject),
      sender_email: sender,
      reasons: reasonsText(held.reasons, 'No reason is known.'),
      request_id: String(held.request_id),
      pages,
    },
    ports,
  );
  await tellAdministrators(
    {
      cause: held.mail_id,
      kind,
      list,
      subject: `A post to ${postingAddress(list)} from ${sender} awaits approval`,
      text,
      attached: (identity) => [post, replyMail({ token: held.token, text: replyText(list), list }, identity)],
      at: new Date(held.hold_date),
    },
    ports,
  );
};
