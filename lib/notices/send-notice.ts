import { createHash } from 'node:crypto';
import type { Blobs } from '../blobs/blobs.ts';
import { arrivedKey } from '../blobs/keys.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import type { MetadataNotes } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import type { NoticeIdentity } from './compose.ts';

/** What writing and sending notices needs of the world. */
export interface NoticePorts {
  readonly store: Pick<Store, 'domains' | 'lists' | 'members' | 'mails' | 'templates' | 'limits'>;
  readonly blobs: Pick<Blobs, 'get' | 'put'>;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly site: Pick<Site, 'mailman' | 'mta' | 'retention'>;
  readonly log: Pick<MailLog, 'unanswered'>;
}

/** A mail that Belfry writes itself. */
export interface Notice {
  /** The id of the mail, or of the deed, that caused it. */
  readonly cause: string;
  /** What kind of notice it is: the name of its template, where it has one. */
  readonly kind: string;
  readonly list: MailingList;
  /** Whom it is written to: with cause and kind, what makes it the notice that it is. */
  readonly to: string;
  /** Who gets it, when that is not `to`: a notice to the owners goes to each of them. */
  readonly recipients?: readonly string[];
  /** The moment of the cause, where that is known: a repetition then is the same bytes. Else it is now. */
  readonly at?: Date;
  /** Metadata beside what every notice has. */
  readonly metadata?: MetadataNotes;
  readonly compose: (identity: NoticeIdentity) => Buffer;
}

/**
 * The id of a notice. The owners who get it are no part of it: when one of them leaves between two tries, it is still one
 * notice.
 */
const noticeIdOf = ({ cause, kind, list, to }: Notice): string =>
  createHash('sha256')
    .update(JSON.stringify([cause, kind, list.list_id, to.toLowerCase()]))
    .digest('hex')
    .slice(0, 32);

/**
 * Sends a notice on its way through the pipeline `virgin`. Its one commit is the record under an id that follows from its cause
 * (design, section 1): whoever sends it again finds that record, sends the same message again, and nothing new goes out.
 */
export const sendNotice = async (notice: Notice, ports: NoticePorts): Promise<void> => {
  const { store, blobs, queues, clock, site } = ports;
  const { list, kind, to, recipients = [to] } = notice;
  if (recipients.length === 0) return;
  const now = clock.now();
  const date = notice.at ?? now;
  const id = noticeIdOf(notice);
  const messageId = `<${id}@${list.mail_host}>`;
  const mail = notice.compose({ noticeId: id, messageId, date });
  const blob = arrivedKey(id);
  await blobs.put(blob, mail);
  const record: MailRecord = {
    id,
    list_id: list.list_id,
    message_id: messageId,
    blob,
    envelope: { sender: '', recipient: to },
    metadata: {
      original_size: mail.length,
      received_time: date.toISOString(),
      recipients: [...recipients],
      nodecorate: true,
      reduced_list_headers: true,
      ...notice.metadata,
    },
    disposition: 'accepted',
    reason: `Belfry wrote it itself: ${kind}.`,
    rule_hits: [],
    rule_misses: [],
    pipeline: 'virgin',
    decided_at: now.toISOString(),
  };
  await store.mails.commit(record, new Date(now.getTime() + site.retention.posts * 1000));
  await queues.send([{ v: 1, type: 'post', queue: 'pipeline', id, listid: list.list_id }]);
};
