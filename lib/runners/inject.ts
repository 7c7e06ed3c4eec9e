import { createHash, randomUUID } from 'node:crypto';
import type { Blobs } from '../blobs/blobs.ts';
import { arrivedKey } from '../blobs/keys.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import { dispatchPost } from '../delivery/dispatch.ts';
import { planDelivery } from '../delivery/plan-delivery.ts';
import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { joinMail, parseHeaderBlock, unfolded } from '../mail/header-block.ts';
import { append, applyEdits, replace } from '../mail/header-edits.ts';
import { withCrlf } from '../mail/line-ends.ts';
import { mailDate } from '../mail/mail-date.ts';
import { derivedMessageId, messageIdHash, readMessageId } from '../mail/message-id.ts';
import { sendersOf } from '../mail/senders.ts';
import { takesMail } from '../members/effective.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import { type Metadata, type MetadataNotes, metadataSchema } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { recipientsOf } from './pipeline.ts';

/** What injecting needs of the world. */
export interface InjectPorts {
  readonly store: Pick<Store, 'lists' | 'members' | 'mails' | 'ledgers' | 'pace'>;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly site: Site;
}

/** Where a mail can be put: before its chain, before its pipeline, or before delivery. */
export const injectQueues = ['in', 'pipeline', 'out'] as const;
export type InjectQueue = (typeof injectQueues)[number];

/** A mail that somebody puts in. */
export interface Injection {
  readonly bytes: Buffer;
  readonly queue: InjectQueue;
  /** Metadata beside what is always there. */
  readonly metadata: MetadataNotes;
}

/** The mail with what the gateway would have added to it. */
const completed = (bytes: Buffer, list: MailingList, now: Date) => {
  const clean = withCrlf(bytes);
  const block = parseHeaderBlock(clean);
  const given = block.fields.find(({ key }) => key === 'message-id');
  const known = given === undefined ? undefined : readMessageId(unfolded(given));
  const messageId = known ?? derivedMessageId(createHash('sha256').update(clean).digest(), list.mail_host);
  const hash = messageIdHash(messageId);
  const mail = applyEdits(block, [
    ...(known === undefined ? replace('Message-ID', messageId) : []),
    ...replace('Message-ID-Hash', hash),
    ...replace('X-Message-ID-Hash', hash),
    ...(block.fields.some(({ key }) => key === 'date') ? [] : [append('Date', mailDate(now))]),
  ]);
  return { mail, messageId, size: clean.length };
};

/**
 * Puts a mail into a queue of a list, as if it had come that far; gives its id. It is never taken for a repetition (design,
 * rule 4).
 */
export const inject = async (
  list: MailingList,
  { bytes, queue, metadata: given }: Injection,
  ports: InjectPorts,
): Promise<string> => {
  const { store, blobs, queues, clock, site } = ports;
  const id = randomUUID();
  const now = clock.now();
  const { mail, messageId, size } = completed(bytes, list, now);
  const [sender = ''] = sendersOf(mail, '', site.mailman.sender_headers);
  const toOwner = given.to_owner === true;
  const envelope = {
    sender,
    recipient: toOwner ? listAddress(list, 'owner') : postingAddress(list),
  };
  const metadata: Metadata = metadataSchema.parse({
    original_size: size,
    received_time: now.toISOString(),
    ...(toOwner ? { subaddress: 'owner' } : { to_list: true }),
    ...given,
  });
  const blob = arrivedKey(id);
  const post = joinMail(mail);
  await blobs.put(blob, post);
  if (queue === 'in') {
    await queues.send([
      { v: 1, type: 'mail', queue, id, listid: list.list_id, blob, messageId, envelope, metadata },
    ]);
    return id;
  }

  // A post that came as far as delivery would have been numbered on its way there, and the number decides on VERP.
  const number =
    queue === 'out' && !toOwner ? await store.lists.takePostNumber(list.list_id, now) : undefined;
  const { posting_pipeline, owner_pipeline } = list.settings;
  const record: MailRecord = {
    id,
    list_id: list.list_id,
    message_id: messageId,
    blob,
    envelope,
    metadata,
    disposition: 'accepted',
    reason: `It was put into the queue ${queue} by hand.`,
    rule_hits: [],
    rule_misses: [],
    ...(queue === 'pipeline' ? { pipeline: toOwner ? owner_pipeline : posting_pipeline } : {}),
    decided_at: now.toISOString(),
    ...(number === undefined ? {} : { post_number: number }),
  };
  await store.mails.commit(record, new Date(now.getTime() + site.retention.posts * 1000));
  if (queue === 'pipeline') {
    await queues.send([{ v: 1, type: 'post', queue, id, listid: list.list_id }]);
    return id;
  }
  const recipients =
    metadata.recipients?.map((email) => ({ email })) ??
    (await recipientsOf(
      list,
      {
        roles: ['member'],
        keeps: takesMail,
        otherwise: [],
      },
      store.members,
    ));
  const plan = planDelivery({
    list,
    site,
    metadata,
    number,
    voice: toOwner ? 'owner' : 'post',
  });
  await dispatchPost({ record, post, recipients, sender: listAddress(list, 'bounces'), plan }, ports);
  return id;
};
