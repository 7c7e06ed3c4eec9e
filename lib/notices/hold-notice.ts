import type { HeldMail } from '../held/held-mail.ts';
import { type MailingList, postingAddress } from '../lists/list.ts';
import { renderTemplate } from '../templates/render.ts';
import { answerableHeld, answerHeld } from './answer-held.ts';
import { reasonsText, subjectShown } from './reasons.ts';
import type { NoticePorts } from './send-notice.ts';

const day = 86_400_000;

/**
 * Which notice a held post gets: the usual one, the one that says that there are no more today, or none. The day is that on
 * which the post was held, so that a repetition is told the same.
 */
const noticeFor = async (
  { mail_id, list_id, sender, hold_date }: HeldMail,
  { store, site }: Pick<NoticePorts, 'store' | 'site'>,
): Promise<'list:user:notice:hold' | 'list:user:notice:no-more-today' | undefined> => {
  const most = site.mta.max_autoresponses_per_day;
  if (most === 0) return 'list:user:notice:hold';
  const today = hold_date.slice(0, 10);
  const over = new Date(Date.parse(`${today}T00:00:00Z`) + 2 * day);
  const name = `hold#${list_id}#${sender.toLowerCase()}#${today}`;
  const position = await store.limits.position(name, mail_id, most, over);
  if (position === undefined) return undefined;
  return position <= most ? 'list:user:notice:hold' : 'list:user:notice:no-more-today';
};

/** Tells the author that a post waits for a moderator, if the list wants that and the author may be answered. */
export const sendHoldNotice = async (
  held: HeldMail,
  list: MailingList,
  ports: NoticePorts,
): Promise<void> => {
  if (!list.settings.respond_to_post_requests || held.metadata.fromusenet === true) return;
  const original = await answerableHeld(held, ports);
  if (original === undefined) return;
  const kind = await noticeFor(held, ports);
  if (kind === undefined) return;
  const posting = postingAddress(list);
  const last = kind === 'list:user:notice:no-more-today';
  const text = last
    ? await renderTemplate(
        kind,
        list,
        { sender_email: original.author, count: String(ports.site.mta.max_autoresponses_per_day) },
        ports,
      )
    : await renderTemplate(
        kind,
        list,
        {
          subject: subjectShown(held.subject),
          sender_email: original.author,
          reasons: reasonsText(held.reasons, 'The list asks for a look at posts like this one.'),
        },
        ports,
      );
  await answerHeld(
    held,
    {
      original,
      kind,
      list,
      subject: last
        ? `Your posts to ${posting}: no more notices today`
        : `Your post to ${posting} awaits approval`,
      text,
      at: new Date(held.hold_date),
    },
    ports,
  );
};
