import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Blobs } from '../lib/blobs/blobs.ts';
import { arrivedKey } from '../lib/blobs/keys.ts';
import type { Clock } from '../lib/clock/clock.ts';
import type { MailLog } from '../lib/maillog/mail-log.ts';
import type { Arrival } from '../lib/posts/mail-record.ts';
import type { MailMessage } from '../lib/queue/messages.ts';
import type { Queues } from '../lib/queue/queue.ts';
import type { Store } from '../lib/store/store.ts';
import { type Reply, replies } from './replies.ts';
import { type Destination, destinationParts, route } from './route.ts';

/** What accepting a mail works with. */
export interface AcceptPorts {
  readonly store: Pick<Store, 'arrivals' | 'mails'>;
  readonly blobs: Pick<Blobs, 'put'>;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly maillog: MailLog;
  readonly problem: (where: string, error: unknown) => void;
  readonly siteOwner: string;
  /** For how many seconds an arrival is remembered. */
  readonly remember: number;
}

/** A mail that is ready to be stored. */
export interface ReadyMail {
  readonly size: number;
  /** SHA-256 of the bytes as they arrived. */
  readonly digest: Buffer;
  readonly messageId: string;
  /** The bytes to store. A stream is made anew for each time they are stored. */
  readonly open: () => Buffer | Readable;
}

/** The digest by which a repeated arrival at a destination is recognised (docs/decisions/0001). */
const arrivalDigest = (mail: ReadyMail, { recipient, envelope }: Destination): string =>
  createHash('sha256')
    // JSON keeps the parts apart, whatever stands in them.
    .update(JSON.stringify([...destinationParts(recipient), envelope.sender]))
    .update(mail.digest)
    .digest('hex');

/**
 * Makes a mail durable, one object for the transaction and one message for each destination, and gives the reply for each
 * destination. 250 only when S3 has the bytes and SQS the message; a fault of ours is 451 for that destination and no other.
 */
export const acceptMail = async (
  ports: AcceptPorts,
  mail: ReadyMail,
  destinations: readonly Destination[],
): Promise<readonly Reply[]> => {
  const now = ports.clock.now();
  const blob = arrivedKey(randomUUID());
  const stored = ports.blobs.put(blob, mail.open());
  // Each destination below awaits it, and reports its failure; this keeps a failure from being unhandled until then.
  stored.catch(() => {});

  const messageFor = (destination: Destination, arrival: Arrival): MailMessage => {
    const { queue, metadata } = route(destination.recipient, ports.siteOwner);
    return {
      v: 1,
      type: 'mail',
      queue,
      id: arrival.id,
      listid: arrival.list_id,
      blob: arrival.blob,
      digest: arrival.digest,
      messageId: mail.messageId,
      envelope: destination.envelope,
      metadata: { original_size: mail.size, received_time: arrival.first_at, ...metadata },
    };
  };

  /** A repetition: the mail is answered, counted, and sent on again only if it may never have got as far (design, rule 4). */
  const repeat = async (destination: Destination, earlier: Arrival): Promise<Reply> => {
    const [record] = await Promise.all([ports.store.mails.get(earlier.id), stored]);
    if (record === undefined) {
      await ports.blobs.put(earlier.blob, mail.open());
      await ports.queues.send([messageFor(destination, earlier)]);
    }
    await ports.store.arrivals.countRepeat(earlier.digest);
    ports.maillog.repeated({ id: earlier.id, list: earlier.list_id });
    return replies.acceptedBefore(earlier.id);
  };

  const arrive = async (destination: Destination): Promise<Reply> => {
    const arrival: Arrival = {
      digest: arrivalDigest(mail, destination),
      id: randomUUID(),
      list_id: destination.recipient.list.list_id,
      blob,
      first_at: now.toISOString(),
      repeats: 0,
    };
    const forget = new Date(now.getTime() + ports.remember * 1000);
    const [earlier] = await Promise.all([ports.store.arrivals.note(arrival, forget), stored]);
    if (earlier !== undefined) return repeat(destination, earlier);
    const message = messageFor(destination, arrival);
    await ports.queues.send([message]);
    ports.maillog.accepted({
      id: arrival.id,
      list: arrival.list_id,
      queue: message.queue,
      size: mail.size,
    });
    return replies.accepted(arrival.id);
  };

  const answers = await Promise.all(
    destinations.map((destination) =>
      arrive(destination).catch((error: unknown): Reply => {
        ports.problem('gateway/accept', error);
        return replies.failed;
      }),
    ),
  );
  // The bytes may still be read, when every destination failed before they were stored.
  await stored.catch(() => {});
  return answers;
};
