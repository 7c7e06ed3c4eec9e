import { heldKey } from '../blobs/keys.ts';
import { decoded, parseHeaderBlock } from '../mail/header-block.ts';
import { sendersOf } from '../mail/senders.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import type { HeldMail } from './held-mail.ts';

/** RFC 5322, section 2.1.1: no line has more characters. The item must fit into DynamoDB's 400 KB whatever the sender wrote. */
const longestSubject = 998;

/** Mailman's text for a mail that has none. */
const noSubject = '(no subject)';

const reasonsOf = ({ metadata, reason }: MailRecord): readonly string[] => {
  const { moderation_reasons: reasons } = metadata;
  if (Array.isArray(reasons)) return reasons.filter((one) => typeof one === 'string');
  return reason === undefined ? [] : [reason];
};

const subjectOf = (bytes: Buffer): string => {
  const field = parseHeaderBlock(bytes).fields.find(({ key }) => key === 'subject');
  const subject = field === undefined ? '' : decoded(field);
  return subject === '' ? noSubject : subject.slice(0, longestSubject);
};

const senderOf = (record: MailRecord, bytes: Buffer, senderHeaders: readonly string[]): string => {
  const { moderation_sender: found } = record.metadata;
  if (typeof found === 'string' && found !== '') return found;
  return sendersOf(parseHeaderBlock(bytes), record.envelope.sender, senderHeaders)[0] ?? '';
};

/**
 * The held mail that a committed record and its bytes tell of; undefined when the record tells of none. It is the same each
 * time, so that it can be made again after a crash.
 */
export const heldOf = (
  record: MailRecord,
  bytes: Buffer,
  senderHeaders: readonly string[],
): HeldMail | undefined =>
  record.disposition !== 'held' || record.hold === undefined
    ? undefined
    : {
        request_id: record.hold.request_id,
        list_id: record.list_id,
        mail_id: record.id,
        token: record.hold.token,
        message_id: record.message_id,
        sender: senderOf(record, bytes, senderHeaders),
        subject: subjectOf(bytes),
        reasons: [...reasonsOf(record)],
        hold_date: record.decided_at,
        blob: heldKey(record.id),
        envelope: record.envelope,
        metadata: record.metadata,
      };
