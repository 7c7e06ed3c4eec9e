import type { MailLog } from '../maillog/mail-log.ts';
import { tellDeliveryTrouble } from '../notices/delivery-trouble.ts';
import type { NoticePorts } from '../notices/send-notice.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import type { TroubleMessage } from '../queue/messages.ts';

/** What telling of trouble needs of the world. */
export type TroublePorts = NoticePorts & { readonly log: Pick<MailLog, 'troubled'> };

/** A notice of our own that cannot be delivered must not make another one. */
const isNotice = ({ pipeline }: MailRecord): boolean => pipeline === 'virgin';

/**
 * Tells the owners of a list of trouble with the delivery of a post, once for a post and kind. That the post was refused is marked on its
 * record when they have been told: who finds the mark has nothing left to do, and who dies before it tells the same
 * notice again, which is absorbed. When the list or the record has gone meanwhile there is nobody to tell.
 */
export const runTrouble = async (message: TroubleMessage, ports: TroublePorts): Promise<void> => {
  const { store, log } = ports;
  const { id, listid, trouble, reply, at } = message;
  const [list, record] = await Promise.all([store.lists.uncounted(listid), store.mails.get(id)]);
  if (trouble === 'refused-post' && record?.refused !== undefined) return;
  const told = list !== undefined && record !== undefined && !isNotice(record);
  if (told) await tellDeliveryTrouble(message, record, list, ports);
  if (trouble === 'refused-post' && record !== undefined) await store.mails.markRefused(id, { at, reply });
  log.troubled({ id, list: listid, trouble, reply, told });
};
