import { randomBytes, randomUUID } from 'node:crypto';
import type { Blobs } from '../blobs/blobs.ts';
import { heldKey } from '../blobs/keys.ts';
import type { ChainResult } from '../chains/chain.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import { announceHold } from '../held/announce-hold.ts';
import type { MailingList } from '../lists/list.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import type { Links } from '../notices/links.ts';
import { sendRejection } from '../notices/rejection.ts';
import type { Disposition, MailRecord } from '../posts/mail-record.ts';
import { recordOfArrival } from '../posts/record-of-arrival.ts';
import type { MailMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import { autoresponseOf, withReply } from '../replybot/answered.ts';
import { newNonmembers } from '../rules/nonmember-moderation.ts';
import type { PostingStore } from '../store/posting-store.ts';
import type { AnswerPorts } from './answers.ts';
import { decideOn } from './decision.ts';

/** What deciding on a mail needs of the world. */
export interface IncomingPorts extends Pick<AnswerPorts, 'dmarc'> {
  readonly store: PostingStore;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly site: Site;
  readonly log: MailLog;
  /** The web pages that moderators are led to; absent where there are none. */
  readonly links?: Pick<Links, 'moderate'>;
}

const ended: ReadonlySet<Disposition> = new Set(['discarded', 'rejected']);

/** The pipeline that would make the mail a post. */
const pipelineOf = ({ metadata }: MailMessage, { settings }: MailingList): string =>
  metadata.to_owner === true ? settings.owner_pipeline : settings.posting_pipeline;

const recordOf = (message: MailMessage, list: MailingList, result: ChainResult, at: Date): MailRecord =>
  recordOfArrival(message, {
    metadata: result.metadata,
    disposition: result.disposition,
    ...(result.reasons.length === 0 ? {} : { reason: result.reasons.join(' ') }),
    chain: result.chain,
    rule_hits: [...result.hits],
    rule_misses: [...result.misses],
    // A mail that ends here needs none; one that is held may become a post later.
    ...(ended.has(result.disposition) ? {} : { pipeline: pipelineOf(message, list) }),
    decided_at: at.toISOString(),
  });

// Mailman's tokens are 40 hexadecimal digits (mailman-behaviour.md, section 16): 160 bits, which nobody guesses.
const tokenBytes = 20;

/** Brings the bytes where no lifecycle reaches, and takes number and token: all before the commit, which keeps them (design, rule 13). */
const withHold = async (record: MailRecord, { store, blobs }: IncomingPorts): Promise<MailRecord> => {
  const blob = heldKey(record.id);
  const [request_id] = await Promise.all([
    store.held.takeNumber(record.list_id),
    blobs.copy(record.blob, blob),
  ]);
  return { ...record, blob, hold: { request_id, token: randomBytes(tokenBytes).toString('hex') } };
};

/**
 * Decides, and commits the decision; gives the one that counts. A held mail that comes again is looked for before it gets another number, and before bytes
 * that a moderator's decision has removed are copied again.
 */
const decide = async (
  message: MailMessage,
  bytes: Buffer,
  list: MailingList,
  ports: IncomingPorts,
): Promise<MailRecord> => {
  const { store, clock, site } = ports;
  const result = await decideOn({ message, bytes, list, site }, ports);
  const decision = withReply(recordOf(message, list, result, clock.now()), list);
  if (decision.disposition !== 'held') {
    const expires = new Date(clock.now().getTime() + site.retention.posts * 1000);
    return (await store.mails.commit(decision, expires)) ?? decision;
  }
  const before = await store.mails.get(decision.id);
  if (before !== undefined) return before;
  const held = await withHold(decision, ports);
  return (await store.mails.commit(held)) ?? held;
};

/** Who wrote and was not known becomes a nonmember; it is what the record says, so it may be done again. */
const noteNonmembers = async ({ metadata, list_id, decided_at }: MailRecord, { store }: IncomingPorts) => {
  const emails = metadata[newNonmembers];
  if (!Array.isArray(emails)) return;
  for (const email of emails) {
    if (typeof email !== 'string') continue;
    await store.members.add({
      member_id: randomUUID(),
      list_id,
      role: 'nonmember',
      email,
      display_name: '',
      subscribed_at: decided_at,
    });
  }
};

/** What follows from a decision. Every part of it may be done again. */
const follow = async (record: MailRecord, list: MailingList, ports: IncomingPorts): Promise<void> => {
  await noteNonmembers(record, ports);
  const answers = autoresponseOf(record);
  if (answers.length > 0) await ports.queues.send(answers);
  switch (record.disposition) {
    case 'accepted':
      return ports.queues.send([
        { v: 1, type: 'post', queue: 'pipeline', id: record.id, listid: record.list_id },
      ]);
    case 'held':
      // Once a moderator has decided, there is nothing to announce any more.
      return record.moderation === undefined ? announceHold(record, list, ports) : undefined;
    case 'rejected':
      return sendRejection(record, list, ports);
    default:
  }
};

/**
 * Decides on one mail from the queue `in`: accepted, held, rejected or discarded. The decision is committed once; whoever comes later with the
 * same mail does what follows from the record, and decides nothing anew (design, rule 3).
 * @throws ShuntError when the list or the bytes are gone.
 */
export const runIncoming = async (message: MailMessage, ports: IncomingPorts): Promise<void> => {
  const { store, blobs, log } = ports;
  const [list, bytes] = await Promise.all([store.lists.uncounted(message.listid), blobs.get(message.blob)]);
  if (list === undefined) throw new ShuntError(`The list ${message.listid} does not exist any more.`);
  if (bytes === undefined) throw new ShuntError(`The bytes of the mail ${message.id} are gone.`);
  const record = await decide(message, bytes, list, ports);
  await follow(record, list, ports);
  log.decided({
    id: record.id,
    list: record.list_id,
    disposition: record.disposition,
    chain: record.chain ?? '',
    hits: record.rule_hits,
  });
};
