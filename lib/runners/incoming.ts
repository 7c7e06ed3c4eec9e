import type { Blobs } from '../blobs/blobs.ts';
import { chainTable } from '../chains/chains.ts';
import { runChain } from '../chains/run-chain.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { MailingList } from '../lists/list.ts';
import { parseHeaderBlock } from '../mail/header-block.ts';
import { sendersOf } from '../mail/senders.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import type { Disposition, MailRecord } from '../posts/mail-record.ts';
import type { MailMessage, Metadata, MetadataNotes } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';

/** What deciding on a mail needs of the world. */
export interface IncomingPorts {
  readonly store: Pick<Store, 'lists' | 'mails'>;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly site: Pick<Site, 'mailman' | 'retention'>;
  readonly log: Pick<MailLog, 'decided'>;
}

const ended: ReadonlySet<Disposition> = new Set(['discarded', 'rejected']);

/** The chain that decides on a mail, and the pipeline that would make it a post. */
const wayOf = (message: MailMessage, { settings }: MailingList) =>
  message.metadata.to_owner === true
    ? { chain: settings.owner_chain, pipeline: settings.owner_pipeline }
    : { chain: settings.posting_chain, pipeline: settings.posting_pipeline };

const decide = (
  message: MailMessage,
  bytes: Buffer,
  list: MailingList,
  { site, clock }: IncomingPorts,
): MailRecord => {
  const { envelope } = message;
  const mail = parseHeaderBlock(bytes);
  const senders = sendersOf(mail, envelope.sender, site.mailman.sender_headers);
  const noreply = `${site.mailman.noreply_address}@${list.mail_host}`;
  const added: MetadataNotes = { envsender: message.metadata.envsender ?? noreply };
  const metadata: Metadata = { ...message.metadata, ...added };
  const { chain, pipeline } = wayOf(message, list);
  const result = runChain(chainTable, chain, { list, mail, envelope, metadata, senders });
  return {
    id: message.id,
    list_id: message.listid,
    message_id: message.messageId,
    blob: message.blob,
    ...(message.digest === undefined ? {} : { digest: message.digest }),
    envelope,
    metadata: result.metadata,
    disposition: result.disposition,
    ...(result.reasons.length === 0 ? {} : { reason: result.reasons.join(' ') }),
    chain: result.chain,
    rule_hits: [...result.hits],
    rule_misses: [...result.misses],
    // A mail that ends here needs none; one that is held may become a post later.
    ...(ended.has(result.disposition) ? {} : { pipeline }),
    decided_at: clock.now().toISOString(),
  };
};

/**
 * Decides on one mail from the queue `in`: accepted or discarded. The decision is committed once; whoever comes later with the
 * same mail does what follows from the record, and decides nothing anew (design, rule 3).
 * @throws ShuntError when the list or the bytes are gone.
 */
export const runIncoming = async (message: MailMessage, ports: IncomingPorts): Promise<void> => {
  const { store, blobs, queues, clock, site, log } = ports;
  const [list, bytes] = await Promise.all([store.lists.byId(message.listid), blobs.get(message.blob)]);
  if (list === undefined) throw new ShuntError(`The list ${message.listid} does not exist any more.`);
  if (bytes === undefined) throw new ShuntError(`The bytes of the mail ${message.id} are gone.`);
  const decision = decide(message, bytes, list, ports);
  const expires = new Date(clock.now().getTime() + site.retention.posts * 1000);
  const record = (await store.mails.commit(decision, expires)) ?? decision;
  if (record.disposition === 'accepted') {
    await queues.send([{ v: 1, type: 'post', queue: 'pipeline', id: record.id, listid: record.list_id }]);
  }
  log.decided({
    id: record.id,
    list: record.list_id,
    disposition: record.disposition,
    chain: record.chain ?? '',
    hits: record.rule_hits,
  });
};
