import { type MailingList, postingAddress } from '../lists/list.ts';
import { decoded, parseHeaderBlock } from '../mail/header-block.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import { replyWords } from '../posts/reply-words.ts';
import type { TroubleMessage } from '../queue/messages.ts';
import { renderTemplate } from '../templates/render.ts';
import { oneLine } from './one-line.ts';
import { subjectShown } from './reasons.ts';
import type { NoticePorts } from './send-notice.ts';
import { tellAdministrators } from './tell-administrators.ts';

const kinds = {
  'refused-post': {
    template: 'list:admin:notice:post-refused',
    subject: (posting: string) => `A post to ${posting} was not taken by the mail server`,
  },
  'given-up': {
    template: 'list:admin:notice:given-up',
    subject: (posting: string) => `A post to ${posting} did not reach some members`,
  },
} as const;

/** The subject of a post, for as long as its bytes are there. */
const subjectOf = async ({ blob }: MailRecord, { blobs }: Pick<NoticePorts, 'blobs'>): Promise<string> => {
  const bytes = await blobs.get(blob);
  if (bytes === undefined) return '(not known any more)';
  const field = parseHeaderBlock(bytes).fields.find(({ key }) => key === 'subject');
  return subjectShown(field === undefined ? '' : decoded(field));
};

/** A moment for a person: to the minute. */
const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/**
 * Tells owners and moderators that the relay refused a post itself, or that it was given up for some; once for a post and kind, however often
 * it happens. It names no recipient: who they are, `post show` tells to those who may know.
 */
export const tellDeliveryTrouble = async (
  { trouble, reply, at }: Pick<TroubleMessage, 'trouble' | 'reply' | 'at'>,
  record: MailRecord,
  list: MailingList,
  ports: NoticePorts,
): Promise<void> => {
  const { template, subject } = kinds[trouble];
  const text = await renderTemplate(
    template,
    list,
    {
      subject: await subjectOf(record, ports),
      message_id: oneLine(record.message_id),
      date: minute(record.metadata.received_time),
      post_id: record.id,
      reply: oneLine(reply) || 'no code',
      reason: replyWords(reply) ?? 'no more is known',
    },
    ports,
  );
  await tellAdministrators(
    {
      cause: record.id,
      kind: trouble,
      list,
      subject: subject(postingAddress(list)),
      text,
      at: new Date(at),
    },
    ports,
  );
};
