import { ShuntError } from '../errors/shunt-error.ts';
import type { MailingList } from '../lists/list.ts';
import { sendHoldNotice } from '../notices/hold-notice.ts';
import { type ModerationRequestPorts, sendModerationRequest } from '../notices/moderation-request.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import type { Store } from '../store/store.ts';
import { heldOf } from './held-of.ts';

/** What announcing a held mail needs of the world. */
export type AnnouncePorts = ModerationRequestPorts & { readonly store: Pick<Store, 'held' | 'mails'> };

/** Removes the item of a mail that was decided on: it may have been written too late for whoever decided to see it. */
const forget = async ({ list_id, hold }: MailRecord, { store }: AnnouncePorts): Promise<void> => {
  if (hold !== undefined) await store.held.remove(list_id, hold.request_id);
};

/**
 * Makes a held mail findable, and tells its author and the moderators. It goes by the committed record alone, and may be
 * repeated: the item is written once, and the ids of the notices follow from the mail's. A mail that was decided on meanwhile
 * is not announced.
 * @throws ShuntError when the bytes are gone.
 */
export const announceHold = async (
  record: MailRecord,
  list: MailingList,
  ports: AnnouncePorts,
): Promise<void> => {
  const { store, blobs, site } = ports;
  if (record.moderation !== undefined) return forget(record, ports);
  const bytes = await blobs.get(record.blob);
  if (bytes === undefined) throw new ShuntError(`The bytes of the held mail ${record.id} are gone.`);
  const held = heldOf(record, bytes, site.mailman.sender_headers);
  if (held === undefined) throw new ShuntError(`The record of the mail ${record.id} says nothing of a hold.`);
  await store.held.put(held);
  // Who decides removes the item after the decision is kept. When this one was written after that, the decision is seen here.
  if ((await store.mails.get(record.id))?.moderation !== undefined) return forget(record, ports);
  await sendHoldNotice(held, list, ports);
  await sendModerationRequest(held, list, ports);
};
