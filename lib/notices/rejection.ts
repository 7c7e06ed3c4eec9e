import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import { decoded, joinMail } from '../mail/header-block.ts';
import { sendersOf } from '../mail/senders.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import { largestPost } from '../ses/size.ts';
import { renderTemplate } from '../templates/render.ts';
import { answerAuthor } from './answer-author.ts';
import { type Answerable, answerable } from './author.ts';
import { reasonsText, subjectShown } from './reasons.ts';
import type { NoticePorts } from './send-notice.ts';

/** The reasons that the rules gave, one by one where they are kept so. */
const reasonsOf = ({ metadata, reason }: MailRecord): readonly string[] => {
  const given = metadata.moderation_reasons;
  const texts = Array.isArray(given) ? given.filter((one) => typeof one === 'string') : [];
  if (texts.length > 0) return texts;
  return reason === undefined || reason === '' ? [] : [reason];
};

/** What sending a rejection needs of the world. */
export interface RejectionPorts extends NoticePorts {
  readonly site: NoticePorts['site'] & Pick<Site, 'delivery'>;
}

/** The post as it goes back: its header alone when Amazon SES would not carry the rest of it on this way either. */
const returned = ({ mail, bytes }: Answerable, { delivery }: Pick<Site, 'delivery'>): Buffer =>
  delivery.transport === 'ses' && bytes.length > largestPost
    ? joinMail({ fields: mail.fields, rest: Buffer.from('\r\n') })
    : bytes;

/**
 * Sends a post back to its author with the reasons, and with the post attached (mailman-behaviour.md, sections 7 and 19.5). A post
 * without a sender, or one that must not be answered, is rejected in silence.
 */
export const sendRejection = async (
  record: MailRecord,
  list: MailingList,
  ports: RejectionPorts,
): Promise<void> => {
  const author = (mail: Parameters<typeof sendersOf>[0]): string =>
    sendersOf(mail, record.envelope.sender, ports.site.mailman.sender_headers)[0] ?? '';
  const original = await answerable({ ...record, author }, ports);
  if (original === undefined) return;
  const kind = 'list:user:notice:rejected';
  const field = original.mail.fields.find(({ key }) => key === 'subject');
  const subject = subjectShown(field === undefined ? '' : decoded(field));
  const text = await renderTemplate(
    kind,
    list,
    {
      subject,
      sender_email: original.author,
      reasons: reasonsText(reasonsOf(record), 'No details are available.'),
    },
    ports,
  );
  await answerAuthor(
    {
      cause: record,
      original,
      kind,
      list,
      from: 'owner',
      subject,
      text,
      attached: [returned(original, ports.site)],
      at: new Date(record.decided_at),
    },
    ports,
  );
};
