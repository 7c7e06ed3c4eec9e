import { createHash } from 'node:crypto';
import type { Blobs } from '../blobs/blobs.ts';
import { waitingKey } from '../blobs/keys.ts';
import type { Clock } from '../clock/clock.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import { recordOfArrival } from '../posts/record-of-arrival.ts';
import type { MailMessage, RefusalsMessage } from '../queue/messages.ts';
import type { SesEvent } from '../ses/ses-event.ts';
import { labelsOf } from '../ses/tags.ts';
import type { Store } from '../store/store.ts';

/** What recording a waiting mail needs of the world. */
export interface WaitingPorts {
  readonly store: Pick<Store, 'mails'>;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly log: MailLog;
}

/**
 * Records a mail for which this version of Belfry has no handler yet: commands and bounces. Its bytes are copied to where no
 * lifecycle reaches, and its record says that it waits, so that nothing is lost.
 */
export const runWaiting = async (message: MailMessage, ports: WaitingPorts): Promise<void> => {
  if ((await ports.blobs.get(message.blob)) === undefined) {
    throw new ShuntError('The bytes of this mail are gone from the bucket.');
  }
  const kept = waitingKey(message.id);
  await ports.blobs.copy(message.blob, kept);
  const now = ports.clock.now();
  await ports.store.mails.commit(
    recordOfArrival(message, {
      blob: kept,
      disposition: 'waiting',
      reason: `It waits for a handler of mail to ${message.metadata.subaddress ?? 'this address'}, which this version does not have yet.`,
      decided_at: now.toISOString(),
    }),
  );
  ports.log.waiting({ id: message.id, list: message.listid, queue: message.queue });
};

/** Keeps what a relay refused at RCPT until there is a handler for it; the ledger of the chunk has the reply codes too. */
export const runWaitingRefusals = async (
  message: RefusalsMessage,
  ports: Pick<WaitingPorts, 'blobs' | 'log'>,
): Promise<void> => {
  const id = `${message.id}-${message.chunk}-${message.attempt}`;
  await ports.blobs.put(waitingKey(`refusals-${id}`), Buffer.from(JSON.stringify(message)));
  ports.log.waiting({ id: message.id, list: message.listid, queue: message.queue });
};

/**
 * Keeps what Amazon SES tells of a mail until there is a handler for it. SNS may say the same twice; the second time it is written over the
 * first.
 */
export const runWaitingSesEvent = async (
  event: SesEvent,
  ports: Pick<WaitingPorts, 'blobs' | 'log'>,
): Promise<void> => {
  const body = Buffer.from(JSON.stringify(event));
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
  await ports.blobs.put(waitingKey(`ses-${event.mail.messageId}-${digest}`), body);
  const { post, list } = labelsOf(event.mail.tags);
  ports.log.waiting({ id: post ?? event.mail.messageId, list: list ?? '', queue: 'bounces' });
};
