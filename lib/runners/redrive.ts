import { randomBytes } from 'node:crypto';
import type { Blobs } from '../blobs/blobs.ts';
import { postKey, rosterKey, shuntedKey } from '../blobs/keys.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { ShuntItem } from '../posts/mail-record.ts';
import { type QueueMessage, queueMessageSchema } from '../queue/messages.ts';
import type { QueueName } from '../queue/names.ts';
import type { Queues } from '../queue/queue.ts';
import type { SendBody } from '../queue/send-body.ts';
import { readSesEvent } from '../ses/ses-event.ts';
import type { Store } from '../store/store.ts';

/** What redriving needs of the world. */
export interface RedrivePorts {
  readonly store: Pick<Store, 'shunt' | 'mails'>;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly sendBody: SendBody;
}

/** The message of a shunt item; undefined when this version cannot read it. */
export const shuntedMessage = (item: ShuntItem): QueueMessage | undefined => {
  try {
    return queueMessageSchema.safeParse(JSON.parse(item.body)).data;
  } catch {
    return undefined;
  }
};

/** Whether a body is an event of Amazon SES, which is on `bounces` as SES wrote it. */
const isSesEvent = (body: string): boolean => {
  try {
    return readSesEvent(JSON.parse(body)) !== undefined;
  } catch {
    return false;
  }
};

/** What these are about is in them and in the table, so that there are no bytes to miss; their ids are not those of mails. */
const withoutBytes: ReadonlySet<QueueMessage['type']> = new Set([
  'refusals',
  'subscription',
  'address-change',
  'bounce-warning',
  'bounce-summary',
] as const);

/** Puts bytes back where the message expects them; bytes in transit expire, and those of the shunt do not. */
const restore = async (
  message: QueueMessage,
  kept: string | undefined,
  { store, blobs }: RedrivePorts,
): Promise<void> => {
  if (message.type === 'chunk') {
    const needed = [
      postKey(message.id, message.roster),
      rosterKey(message.id, message.roster, message.chunk),
    ];
    for (const key of needed) {
      if ((await blobs.get(key)) === undefined) {
        throw new ShuntError('The post or its roster has expired, so that it cannot be sent any more');
      }
    }
    return;
  }
  if (withoutBytes.has(message.type)) return;
  const wanted = message.type === 'mail' ? message.blob : (await store.mails.get(message.id))?.blob;
  if (wanted === undefined) {
    throw new ShuntError('What was decided about this mail has expired, so that no post can be made of it');
  }
  if (kept !== undefined) await blobs.copy(kept, wanted);
  else if ((await blobs.get(wanted)) === undefined) {
    throw new ShuntError('The bytes of this mail are gone, so that it would only fail again');
  }
};

/** What a shunt item held, and how it comes back to its queue. */
interface Return {
  readonly queue: QueueName;
  readonly restore: () => Promise<void>;
  readonly send: () => Promise<void>;
}

const returnOf = (item: ShuntItem, ports: RedrivePorts): Return => {
  const message = shuntedMessage(item);
  if (message !== undefined) {
    return {
      queue: message.queue,
      restore: () => restore(message, item.blob, ports),
      send: () => ports.queues.send([message]),
    };
  }
  if (!isSesEvent(item.body)) {
    throw new ShuntError('This version of Belfry cannot read the message, so that it can only be dropped');
  }
  return {
    queue: 'bounces',
    restore: () => Promise.resolve(),
    send: () => ports.sendBody('bounces', item.body),
  };
};

/**
 * Takes an item out of the shunt and puts its message on its queue again; gives the name of the queue. The message may fail once more while this runs, and
 * would then be shunted under the same id; so the item is first kept under an id of its own, and only that is removed in the
 * end. A crash at any point leaves an item that can be redriven again.
 * @throws ShuntError with the reason why it cannot be redriven; then the item stays.
 */
export const redrive = async (item: ShuntItem, ports: RedrivePorts): Promise<QueueName> => {
  const { store, blobs } = ports;
  const { queue, restore: putBack, send } = returnOf(item, ports);
  await putBack();

  const id = `${item.id.split('.')[0]}.${randomBytes(4).toString('hex')}`;
  const blob = item.blob === undefined ? undefined : shuntedKey(id);
  if (item.blob !== undefined && blob !== undefined) await blobs.copy(item.blob, blob);
  const moved: ShuntItem = { ...item, id, ...(blob === undefined ? {} : { blob }) };
  await store.shunt.put(moved);
  await drop(item, ports);

  await send();
  await drop(moved, ports);
  return queue;
};

/** Takes an item out of the shunt for good, its bytes first: what is left after a crash is an item that can be dropped again. */
export const drop = async (
  item: ShuntItem,
  { store, blobs }: Pick<RedrivePorts, 'store' | 'blobs'>,
): Promise<void> => {
  if (item.blob !== undefined) await blobs.remove(item.blob);
  await store.shunt.remove(item.id);
};
