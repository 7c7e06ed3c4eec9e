import { createHash } from 'node:crypto';
import type { Blobs } from '../blobs/blobs.ts';
import { shuntedKey } from '../blobs/keys.ts';
import type { Clock } from '../clock/clock.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import { type QueueMessage, queueMessageSchema } from '../queue/messages.ts';
import type { Store } from '../store/store.ts';

/** What shunting needs of the world. */
export interface ShuntPorts {
  readonly store: Pick<Store, 'shunt' | 'mails'>;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly log: MailLog;
}

/** A message that cannot go on, as it stood on its queue. */
export interface Shunted {
  /** The queue it was on, unless the message itself names one. */
  readonly queue: string;
  readonly body: string;
  readonly reason: string;
  readonly stack?: string | undefined;
}

const understood = (body: string): QueueMessage | undefined => {
  try {
    const parsed = queueMessageSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
};

/** Where the bytes of a message's mail lie: the message says it, or the record of its mail does. */
const blobOf = async (message: QueueMessage | undefined, ports: ShuntPorts): Promise<string | undefined> => {
  if (message === undefined || message.type === 'refusals') return undefined;
  return message.type === 'mail' ? message.blob : (await ports.store.mails.get(message.id))?.blob;
};

/**
 * Puts a message into the shunt, where it stays until someone redrives or drops it, and keeps its mail where no lifecycle
 * reaches (design, rules 12 and 13). The id follows from queue and message, so that shunting twice is shunting once.
 */
export const shunt = async (shunted: Shunted, ports: ShuntPorts): Promise<void> => {
  const message = understood(shunted.body);
  const queue = message?.queue ?? shunted.queue;
  const id = createHash('sha256').update(`${queue}\n${shunted.body}`).digest('hex').slice(0, 16);
  const blob = await blobOf(message, ports);
  const kept = blob !== undefined && (await keep(blob, shuntedKey(id), ports.blobs));
  const now = ports.clock.now().toISOString();
  await ports.store.shunt.put({
    id,
    queue,
    body: shunted.body,
    reason: shunted.reason,
    stack: shunted.stack ?? '',
    ...(kept ? { blob: shuntedKey(id) } : {}),
    ...(message === undefined ? {} : { list_id: message.listid }),
    first_at: now,
    at: now,
  });
  ports.log.shunted({ id, queue, reason: shunted.reason });
};

/** Copies bytes to where they are kept; false when they are gone, which is then part of what the reader is told. */
const keep = async (from: string, to: string, blobs: Blobs): Promise<boolean> => {
  if ((await blobs.get(from)) === undefined) return false;
  await blobs.copy(from, to);
  return true;
};
