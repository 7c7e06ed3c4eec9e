import { randomBytes, randomUUID } from 'node:crypto';
import { heldKey } from '../../lib/blobs/keys.ts';
import { announceHold } from '../../lib/held/announce-hold.ts';
import type { HeldMail } from '../../lib/held/held-mail.ts';
import { heldOf } from '../../lib/held/held-of.ts';
import { type Wish, wishAbout } from '../../lib/held/wish-about.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { parseHeaderBlock, unfolded } from '../../lib/mail/header-block.ts';
import type { MailRecord } from '../../lib/posts/mail-record.ts';
import type { ModerationMessage } from '../../lib/queue/messages.ts';
import { runModeration } from '../../lib/runners/moderation.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { openWorld } from '../runners/world.ts';

/** A notice that waits on `pipeline`, as its reader will see it. */
export interface SentNotice {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Lists with held mails on the emulators, and what a test says of them in a few words. */
export const openHeldWorld = async () => {
  const world = await openWorld();
  const { store, blobs, ports } = world;

  /** The record of a mail as the runner incoming commits it when it holds one. */
  const commit = async (
    list: MailingList,
    bytes: Buffer,
    over: Partial<MailRecord> = {},
  ): Promise<MailRecord> => {
    const id = randomUUID();
    await blobs.put(heldKey(id), bytes);
    const record: MailRecord = {
      id,
      list_id: list.list_id,
      message_id: `<${id}@example.org>`,
      blob: heldKey(id),
      envelope: { sender: 'anne@example.org', recipient: `${list.list_name}@${list.mail_host}` },
      metadata: {
        original_size: bytes.length,
        received_time: '2026-01-01T00:00:00.000Z',
        to_list: true,
        moderation_sender: 'anne@example.org',
        moderation_reasons: ['It has no subject.', 'It is from a stranger.'],
      },
      disposition: 'held',
      reason: 'It has no subject. It is from a stranger.',
      chain: 'hold',
      rule_hits: ['no-subject'],
      rule_misses: ['approved'],
      pipeline: 'default-posting-pipeline',
      decided_at: ports.clock.now().toISOString(),
      hold: {
        request_id: await store.held.takeNumber(list.list_id),
        token: randomBytes(20).toString('hex'),
      },
      ...over,
    };
    await store.mails.commit(record);
    return record;
  };

  const mail = Buffer.from('From: anne@example.org\r\nSubject: Eggs\r\n\r\nMind the eggs.\r\n');

  /** A mail that is held on a list, without the notices about it. */
  const hold = async (list: MailingList, bytes: Buffer = mail, over: Partial<MailRecord> = {}) => {
    const record = await commit(list, bytes, over);
    const held = heldOf(record, bytes, ports.site.mailman.sender_headers);
    if (held === undefined) throw new Error('It is not held');
    await store.held.put(held);
    return held;
  };

  const wish = (held: HeldMail, over: Partial<Wish> = {}): ModerationMessage =>
    wishAbout(held, { wish: randomUUID(), deed: 'accept', by: 'bart@example.org', ...over });

  /** The notices that were sent since this was asked last; a notice that was sent twice is there twice. */
  const notices = async (): Promise<readonly SentNotice[]> => {
    const found: SentNotice[] = [];
    for (const message of await world.receive('pipeline')) {
      if (message.type !== 'post') throw new Error('Only posts belong on pipeline');
      const record = await world.recordOf(message.id);
      if (record.pipeline !== 'virgin') continue;
      const bytes = (await blobs.get(record.blob)) ?? Buffer.alloc(0);
      const subject = parseHeaderBlock(bytes).fields.find(({ key }) => key === 'subject');
      found.push({
        to: record.metadata.recipients ?? [],
        subject: subject === undefined ? '' : unfolded(subject),
        text: bytes.toString(),
      });
    }
    return found;
  };

  return {
    ...world,
    mail,
    commit,
    hold,
    wish,
    notices,
    announce: (record: MailRecord, list: MailingList) => announceHold(record, list, ports),
    moderate: (message: ModerationMessage) => runModeration(message, ports),
    make: (id: string, listid: string) =>
      runPipeline({ v: 1, type: 'post', queue: 'pipeline', id, listid }, ports),
  };
};

/** What {@link openHeldWorld} gives. */
export type HeldWorld = Awaited<ReturnType<typeof openHeldWorld>>;
