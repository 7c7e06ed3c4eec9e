import { arrivedKey, heldKey } from '../../lib/blobs/keys.ts';
import { readSite, type SiteOverrides } from '../../lib/config/site.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import type { HeldMail } from '../../lib/held/held-mail.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { decoded, parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { Role } from '../../lib/members/member.ts';
import type { RejectionPorts } from '../../lib/notices/rejection.ts';
import type { MailRecord } from '../../lib/posts/mail-record.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { startEmulators } from '../harness/emulators.ts';
import { type Received, startRelay } from '../harness/relay.ts';

/** When everything in these tests happens. */
export const noon = '2026-11-20T12:00:00.000Z';

/** A post that somebody sent, with what it needs to be held or rejected. */
export interface Sent {
  readonly bytes: Buffer;
  readonly sender?: string;
  /** The envelope sender, when it is not the sender. */
  readonly from?: string;
  readonly reasons?: readonly string[];
}

/** The emulators, the real runners of `pipeline` and `out`, and a relay at the end; its clock stands still. */
export const openPostOffice = async (overrides: SiteOverrides = {}) => {
  const [emulators, relay] = await Promise.all([startEmulators(), startRelay()]);
  const { store, blobs, queues, receive } = emulators;
  const site = readSite({
    ...overrides,
    mailman: { site_owner: 'postmaster@example.com', ...overrides.mailman },
    mta: { smtp_host: '127.0.0.1', smtp_port: relay.port, smtp_secure_mode: 'smtp', ...overrides.mta },
  });
  const clock = { now: () => new Date(noon) };
  const lines: string[] = [];
  const log = mailLogTo((line) => lines.push(line));
  const transport = new SmtpTransport(
    async () => ({ mta: site.mta, delivery: site.delivery, credentials: undefined }),
    site,
    clock,
  );
  const ports: RejectionPorts = { store, blobs, queues, clock, site, log };
  let lists = 0;
  let mails = 0;
  let taken = 0;

  /** Does what is on the queues, until nothing is left to do. */
  const work = async (): Promise<void> => {
    for (;;) {
      const posts = await receive('pipeline');
      const chunks = await receive('out');
      if (posts.length + chunks.length === 0) return;
      for (const message of [...posts, ...chunks]) {
        const whole = { ...emulators, clock, site, log };
        if (message.type === 'post') await runPipeline(message, whole);
        else if (message.type === 'chunk') {
          const deadline = new Date(clock.now().getTime() + 180_000);
          await runOutgoing(message, { ...whole, transport, owner: 'me', deadline });
        } else throw new Error(`A message of type ${message.type} came`);
      }
    }
  };

  const list = (
    settings: Readonly<Record<string, unknown>> = {},
    name = `ant${++lists}`,
  ): Promise<MailingList> => createList(`${name}@example.com`, { store, site, clock }, { settings });

  const administrator = (
    { list_id }: MailingList,
    email: string,
    role: Role = 'owner',
    delivery_status: 'enabled' | 'by_user' = 'enabled',
  ): Promise<boolean> =>
    store.members.add({
      member_id: `${role}-${email}`,
      list_id,
      role,
      email,
      display_name: '',
      delivery_status,
      subscribed_at: noon,
    });

  const headerOf = (bytes: Buffer, name: string): string => {
    const field = parseHeaderBlock(bytes).fields.find(({ key }) => key === name);
    return field === undefined ? '' : decoded(field);
  };

  /** A post that is held, with its bytes where they lie while it waits. */
  const hold = async (
    to: MailingList,
    { bytes, sender = 'anne@example.org', from = sender, reasons = ['The sender is no member.'] }: Sent,
  ): Promise<HeldMail> => {
    const id = `held-${++mails}`;
    await blobs.put(heldKey(id), bytes);
    return {
      request_id: mails,
      list_id: to.list_id,
      mail_id: id,
      token: `token${mails}`,
      message_id: headerOf(bytes, 'message-id'),
      sender,
      subject: headerOf(bytes, 'subject'),
      reasons: [...reasons],
      hold_date: noon,
      blob: heldKey(id),
      envelope: { sender: from, recipient: `${to.list_name}@${to.mail_host}` },
      metadata: { original_size: bytes.length, received_time: noon, to_list: true },
    };
  };

  /** A post that the rules rejected. */
  const reject = async (
    to: MailingList,
    { bytes, sender = 'anne@example.org', from = sender, reasons = [] }: Sent,
  ): Promise<MailRecord> => {
    const id = `rejected-${++mails}`;
    await blobs.put(arrivedKey(id), bytes);
    return {
      id,
      list_id: to.list_id,
      message_id: headerOf(bytes, 'message-id'),
      blob: arrivedKey(id),
      envelope: { sender: from, recipient: `${to.list_name}@${to.mail_host}` },
      metadata: {
        original_size: bytes.length,
        received_time: noon,
        ...(reasons.length === 0 ? {} : { moderation_reasons: [...reasons] }),
      },
      disposition: 'rejected',
      rule_hits: [],
      rule_misses: [],
      decided_at: noon,
    };
  };

  return {
    ports,
    log,
    lines,
    list,
    administrator,
    hold,
    reject,
    work,
    /** Does the work, and gives what arrived at the relay since the last time. */
    arrived: async (): Promise<readonly Received[]> => {
      const before = taken;
      await work();
      taken = relay.received.length;
      return relay.received.slice(before);
    },
    close: async () => {
      await transport.close();
      await relay.close();
      await emulators.close();
    },
  };
};

/** What {@link openPostOffice} gives. */
export type PostOffice = Awaited<ReturnType<typeof openPostOffice>>;
