import type { Blobs } from '../blobs/blobs.ts';
import { arrivedKey, heldKey } from '../blobs/keys.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import { expired, type HeldMail, type Moderation, type ModerationDeed } from '../held/held-mail.ts';
import { heldOf } from '../held/held-of.ts';
import { setSenderAction } from '../held/sender-action.ts';
import type { MailingList } from '../lists/list.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import { forwardHeld } from '../notices/forward.ts';
import { sendHoldEnded } from '../notices/hold-ended.ts';
import { sendRefusal } from '../notices/refusal.ts';
import type { NoticePorts } from '../notices/send-notice.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import type { ModerationMessage } from '../queue/messages.ts';
import type { Store } from '../store/store.ts';

/** What moderating needs of the world. */
export type ModerationPorts = NoticePorts & {
  readonly store: Pick<Store, 'lists' | 'mails' | 'held' | 'members' | 'bans'>;
  readonly blobs: Blobs;
  readonly log: Pick<MailLog, 'moderated'>;
};

/** A held mail with everything that is done about it. */
interface Case {
  readonly message: ModerationMessage;
  readonly list: MailingList;
  readonly record: MailRecord;
  readonly held: HeldMail;
}

const isDecision = (deed: ModerationDeed): deed is Moderation['deed'] => deed !== 'defer';

/**
 * Keeps the decision, unless there is one; gives the one that counts. The bytes of an accepted mail are first put back among
 * those in transit, and the record points there from the same write on: the pipeline reads them from there, and they go away
 * with the post, while the held ones can be removed. Who loses leaves a copy that the lifecycle removes.
 */
const decide = async (
  { message, record }: Case,
  deed: Moderation['deed'],
  { store, blobs, clock, site }: ModerationPorts,
): Promise<Moderation> => {
  if (record.moderation !== undefined) return record.moderation;
  const accepted = deed === 'accept' ? arrivedKey(record.id) : undefined;
  if (accepted !== undefined) await blobs.copy(heldKey(record.id), accepted);
  const now = clock.now();
  return store.mails.moderate(
    record.id,
    {
      deed,
      by: message.by,
      at: now.toISOString(),
      wish: message.wish,
      ...(message.comment === undefined ? {} : { comment: message.comment }),
    },
    new Date(now.getTime() + site.retention.posts * 1000),
    accepted,
  );
};

/** What the decision demands of the mail itself. Each step may be repeated: posts and notices are known by their ids. */
const carryOut = async (
  { list, record, held }: Case,
  moderation: Moderation,
  ports: ModerationPorts,
): Promise<void> => {
  switch (moderation.deed) {
    case 'accept':
      return ports.queues.send([
        { v: 1, type: 'post', queue: 'pipeline', id: record.id, listid: record.list_id },
      ]);
    case 'reject':
      return sendRefusal(held, list, moderation.comment, ports);
    case 'discard':
      if (moderation.by === expired) await sendHoldEnded(held, list, ports);
  }
};

/** What the moderator wants of the sender from now on. */
const treatSender = async (
  { message, list, held }: Case,
  { store, clock }: ModerationPorts,
): Promise<void> => {
  if (held.sender === '') return;
  if (message.sender_action !== undefined) {
    await setSenderAction({ list, sender: held.sender, action: message.sender_action }, { store, clock });
  }
  if (message.ban === true) await store.bans.add(list.list_id, held.sender.toLowerCase());
};

/** What there is to do; or the decision, when all is done: the held bytes are removed last of all. */
const open = async (message: ModerationMessage, ports: ModerationPorts): Promise<Case | Moderation> => {
  const { store, blobs, site } = ports;
  const [list, found] = await Promise.all([store.lists.byId(message.listid), store.mails.get(message.id)]);
  if (list === undefined) throw new ShuntError(`The list ${message.listid} does not exist any more.`);
  if (found?.hold === undefined || found.list_id !== message.listid) {
    throw new ShuntError(`The list ${message.listid} holds no mail ${message.id}.`);
  }
  const bytes = await blobs.get(heldKey(message.id));
  if (bytes === undefined) {
    // Somebody else may have decided, and have removed the bytes, since the record was read.
    const now = found.moderation ?? (await store.mails.get(message.id))?.moderation;
    if (now === undefined) throw new ShuntError(`The bytes of the held mail ${message.id} are gone.`);
    return now;
  }
  const held = heldOf(found, bytes, site.mailman.sender_headers);
  if (held === undefined) throw new ShuntError(`The mail ${message.id} was never held.`);
  return { message, list, record: found, held };
};

/**
 * Does what a moderator wants of a held mail. The one commit is the decision on the mail's record: the first wins, and a wish that
 * comes later changes nothing. What a decision demands is done by the message of the wish that won, again and again until it
 * is done; last of all the held mail and its bytes are removed.
 * @throws ShuntError when there is no such mail, or its bytes are gone.
 */
export const runModeration = async (message: ModerationMessage, ports: ModerationPorts): Promise<void> => {
  const { store, blobs, log } = ports;
  const done = (won: boolean): void =>
    log.moderated({ id: message.id, list: message.listid, deed: message.deed, won });
  const found = await open(message, ports);
  if ('deed' in found) return done(found.wish === message.wish);
  const { list, record, held } = found;

  if (isDecision(message.deed)) {
    const moderation = await decide(found, message.deed, ports);
    if (moderation.wish !== message.wish) return done(false);
    await carryOut(found, moderation, ports);
    await treatSender(found, ports);
  }
  if (message.forward !== undefined) await forwardHeld(held, list, message.forward, ports);
  if (isDecision(message.deed)) {
    await store.held.remove(held.list_id, held.request_id);
    await blobs.remove(heldKey(record.id));
  }
  done(true);
};
