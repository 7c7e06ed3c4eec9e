import { randomUUID } from 'node:crypto';
import { readSite } from '../../lib/config/site.ts';
import { dispatchPost } from '../../lib/delivery/dispatch.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { MailRecord, Roster } from '../../lib/posts/mail-record.ts';
import type { ChunkMessage } from '../../lib/queue/messages.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { startEmulators } from '../harness/emulators.ts';
import { type Script, startRelay } from '../harness/relay.ts';

/** A post whose recipients are fixed. */
export interface Dispatched {
  readonly record: MailRecord;
  readonly roster: Roster;
}

/** The emulators, the real runner of `out` and `retry` and a relay; posts of two recipients a chunk, and a clock that one turns by hand. */
export const openPostWorld = async (script: Script = {}, chunkSize = 2) => {
  const [emulators, relay] = await Promise.all([startEmulators(), startRelay(script)]);
  const { store, receive } = emulators;
  const site = readSite({
    mta: {
      smtp_host: '127.0.0.1',
      smtp_port: relay.port,
      smtp_secure_mode: 'smtp',
      delivery_retry_period: 3600,
    },
    delivery: { chunk_size: chunkSize, retry_delay: 0 },
  });
  let now = new Date();
  const clock = { now: () => now };
  const ports = { ...emulators, clock, site, log: mailLogTo(() => undefined) };
  const transport = new SmtpTransport(
    async () => ({ mta: site.mta, delivery: site.delivery, credentials: undefined }),
    site,
  );
  let lists = 0;

  const dispatch = async (
    { list_id, list_name, mail_host }: MailingList,
    recipients: readonly string[],
  ): Promise<Dispatched> => {
    const id = randomUUID();
    const address = `${list_name}@${mail_host}`;
    const record: MailRecord = {
      id,
      list_id,
      message_id: `<${id}@example.org>`,
      blob: `transit/mail/${id}`,
      envelope: { sender: 'a@example.org', recipient: address },
      metadata: { original_size: 1, received_time: now.toISOString() },
      disposition: 'accepted',
      rule_hits: [],
      rule_misses: [],
      decided_at: now.toISOString(),
    };
    await store.mails.commit(record);
    const roster = await dispatchPost(
      {
        record,
        post: Buffer.from('Subject: hello\r\n\r\nbody\r\n'),
        recipients: recipients.map((email) => ({ email })),
        sender: `${list_name}-bounces@${mail_host}`,
        plan: {
          personalize: 'none',
          verp: false,
          decorate: true,
          voice: 'post',
          list: { address, name: 'Ant' },
        },
      },
      ports,
    );
    return { record: { ...record, roster }, roster };
  };

  /** What waits for delivery. */
  const chunks = async (): Promise<readonly ChunkMessage[]> =>
    [...(await receive('out')), ...(await receive('retry'))].filter((message) => message.type === 'chunk');

  /** Delivers what waits now; what is put off by that stays on its queue. */
  const deliver = async (messages?: readonly ChunkMessage[]): Promise<void> => {
    for (const message of messages ?? (await chunks())) {
      const deadline = new Date(now.getTime() + 180_000);
      await runOutgoing(message, { ...ports, transport, owner: 'me', deadline });
    }
  };

  return {
    ...emulators,
    relay,
    /** With the clients made when they are wanted, as the command line has them. */
    ports: { ...ports, blobs: async () => emulators.blobs, queues: async () => emulators.queues },
    list: (): Promise<MailingList> => createList(`ant${++lists}@example.com`, { store, site, clock }),
    dispatch,
    chunks,
    deliver,
    later: (seconds: number): void => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    close: async () => {
      await transport.close();
      await relay.close();
      await emulators.close();
    },
  };
};

/** What {@link openPostWorld} gives. */
export type PostWorld = Awaited<ReturnType<typeof openPostWorld>>;
