import { arrivedKey, postKey, rosterKey } from '../../lib/blobs/keys.ts';
import { systemClock } from '../../lib/clock/clock.ts';
import { readSite } from '../../lib/config/site.ts';
import type { RosterEntry } from '../../lib/delivery/roster.ts';
import { readRoster } from '../../lib/delivery/roster.ts';
import type { DmarcLookup } from '../../lib/dmarc/dmarc-lookup.ts';
import { createList } from '../../lib/lists/create.ts';
import type { MailingList } from '../../lib/lists/list.ts';
import { mailLogTo } from '../../lib/maillog/mail-log.ts';
import type { Member } from '../../lib/members/member.ts';
import type { MailRecord } from '../../lib/posts/mail-record.ts';
import type { MailMessage, MetadataNotes, PostMessage } from '../../lib/queue/messages.ts';
import { runIncoming } from '../../lib/runners/incoming.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { type Emulators, startEmulators } from '../harness/emulators.ts';

/** The two runners with the emulators behind them, and what a test says of lists, members and mails in a few words. */
export const openWorld = async () => {
  const emulators = await startEmulators();
  const { store, blobs } = emulators;
  const lines: string[] = [];
  const site = readSite({ mailman: { site_owner: 'postmaster@example.com' } });
  const log = mailLogTo((line) => lines.push(line));
  // What DNS says is a matter of test/dmarc; here no domain says anything.
  const dmarc: DmarcLookup = (domain) => Promise.resolve({ kind: 'none', domain });
  const ports = { ...emulators, clock: systemClock, site, log, dmarc };
  let lists = 0;
  let mails = 0;

  /** Makes a list with a name that no other test has. */
  const list = (
    settings: Readonly<Record<string, unknown>> = {},
    name = `ant${++lists}`,
  ): Promise<MailingList> =>
    createList(`${name}@example.com`, { store, site, clock: systemClock }, { settings });

  const member = async (
    { list_id }: MailingList,
    email: string,
    more: Partial<Omit<Member, 'list_id' | 'email'>> = {},
  ): Promise<void> => {
    const role = more.role ?? 'member';
    await store.members.add({
      member_id: `${role}-${email}`,
      display_name: '',
      subscribed_at: new Date().toISOString(),
      ...more,
      role,
      list_id,
      email,
    });
  };

  /** A list of which somebody is a member: most posts are of members. */
  const listOf = async (
    email: string,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<MailingList> => {
    const made = await list(settings);
    await member(made, email);
    return made;
  };

  /** A mail as the gateway leaves it: its bytes in the store, and the message that it puts on `in`. */
  const arrive = async (
    to: MailingList,
    bytes: Buffer,
    more: {
      readonly owner?: boolean;
      readonly sender?: string;
      readonly size?: number;
      readonly metadata?: MetadataNotes;
    } = {},
  ): Promise<MailMessage> => {
    const id = `mail-${++mails}`;
    await blobs.put(arrivedKey(id), bytes);
    const suffix = more.owner === true ? '-owner' : '';
    return {
      v: 1,
      type: 'mail',
      queue: 'in',
      id,
      listid: to.list_id,
      blob: arrivedKey(id),
      messageId: `<${id}@example.org>`,
      envelope: {
        sender: more.sender ?? 'anne@example.org',
        recipient: `${to.list_name}${suffix}@${to.mail_host}`,
      },
      metadata: {
        original_size: more.size ?? bytes.length,
        received_time: new Date().toISOString(),
        ...(more.owner === true
          ? { to_owner: true, subaddress: 'owner', envsender: 'postmaster@example.com' }
          : { to_list: true }),
        ...more.metadata,
      },
    };
  };

  const asPost = ({ id, listid }: Pick<MailMessage, 'id' | 'listid'>): PostMessage => ({
    v: 1,
    type: 'post',
    queue: 'pipeline',
    id,
    listid,
  });

  const recordOf = async (id: string): Promise<MailRecord> => {
    const record = await store.mails.get(id);
    if (record === undefined) throw new Error(`There is no record of ${id}`);
    return record;
  };

  /** Lets a held mail pass, as a moderator does. */
  const accept = async (id: string): Promise<void> => {
    const at = '2026-01-03T13:00:00.000Z';
    await store.mails.moderate(
      id,
      { deed: 'accept', by: 'queen@example.com', at },
      new Date(Date.now() + 60_000),
    );
  };

  /** The post as it was made. */
  const postOf = async (id: string): Promise<Buffer> => {
    const bytes = await blobs.get(postKey(id, (await recordOf(id)).roster?.attempt ?? 'none'));
    if (bytes === undefined) throw new Error(`There is no post of ${id}`);
    return bytes;
  };

  /** Everyone on the roster that is fixed. */
  const rosterOf = async (id: string): Promise<readonly RosterEntry[]> => {
    const { roster } = await recordOf(id);
    if (roster === undefined) throw new Error(`The roster of ${id} is not fixed`);
    const chunks = await Promise.all(
      Array.from({ length: roster.chunks }, (_, chunk) => blobs.get(rosterKey(id, roster.attempt, chunk))),
    );
    return chunks.flatMap((bytes) => (bytes === undefined ? [] : readRoster(bytes)));
  };

  return {
    ...emulators,
    ports,
    lines,
    list,
    listOf,
    member,
    arrive,
    asPost,
    recordOf,
    accept,
    postOf,
    rosterOf,
    incoming: (message: MailMessage) => runIncoming(message, ports),
    pipeline: (message: Pick<MailMessage, 'id' | 'listid'>) => runPipeline(asPost(message), ports),
  };
};

/** What {@link openWorld} gives. */
export type World = Awaited<ReturnType<typeof openWorld>> & Emulators;
