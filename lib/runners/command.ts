import type { Blobs } from '../blobs/blobs.ts';
import { automaticBy } from '../commands/automatic.ts';
import { checkPassword } from '../commands/check-password.ts';
import { type Confirmed, confirmHeld, type PasswordCheck } from '../commands/confirm-held.ts';
import { confirmTokens } from '../commands/confirm-tokens.ts';
import { tellWrongPassword } from '../commands/wrong-password.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { HeldMail } from '../held/held-mail.ts';
import type { MailingList } from '../lists/list.ts';
import { findApproved } from '../mail/approved-line.ts';
import { type HeaderBlock, parseHeaderBlock } from '../mail/header-block.ts';
import { readMailText } from '../mail/mail-text.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import type { NoticePorts } from '../notices/send-notice.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import { recordOfArrival } from '../posts/record-of-arrival.ts';
import type { MailMessage } from '../queue/messages.ts';
import type { Store } from '../store/store.ts';
import { runWaiting } from './waiting.ts';

/** What commands by mail need of the world. */
export type CommandPorts = NoticePorts & {
  readonly store: Pick<Store, 'held'>;
  readonly blobs: Blobs;
  readonly log: MailLog;
};

/** What follows a command; it may be repeated. */
const follow = async (record: MailRecord, list: MailingList, ports: CommandPorts): Promise<void> => {
  const { command } = record;
  if (command?.wish !== undefined) await ports.queues.send([command.wish]);
  if (command?.result === 'wrong-password') {
    await tellWrongPassword(record, command.request_id, list, ports);
  }
  ports.log.decided({
    id: record.id,
    list: record.list_id,
    disposition: record.disposition,
    chain: 'command',
    hits: [],
  });
};

/** The held mail that a mail is about. */
const heldBy = async (
  message: MailMessage,
  mail: HeaderBlock,
  { store }: CommandPorts,
): Promise<HeldMail | undefined> => {
  const wanted = { first: true, all: false, partFields: false, approved: false };
  for (const token of confirmTokens(message, mail, readMailText(mail, wanted).first)) {
    const held = await store.held.byToken(token);
    if (held?.list_id === message.listid) return held;
  }
  return undefined;
};

/** The record of a mail whose command was decided on. */
const recordOf = (
  message: MailMessage,
  { outcome, reason }: Confirmed,
  { clock }: CommandPorts,
): MailRecord =>
  recordOfArrival(message, {
    disposition: outcome.result === 'done' ? 'done' : 'discarded',
    reason,
    decided_at: clock.now().toISOString(),
    command: outcome,
  });

const decide = async (
  message: MailMessage,
  mail: HeaderBlock,
  held: HeldMail,
  list: MailingList,
  ports: CommandPorts,
): Promise<Confirmed> => {
  const { id, envelope, metadata } = message;
  const automatic = automaticBy(mail, envelope.sender);
  const given = findApproved(mail);
  // A machine's mail uses up no attempt either.
  const password: PasswordCheck =
    automatic !== undefined || given === undefined
      ? 'none given'
      : await checkPassword(
          { list, id, password: given.password, at: new Date(metadata.received_time) },
          ports,
        );
  return confirmHeld({ held, id, by: envelope.sender, automatic, password });
};

/**
 * Takes a mail with commands: for now answers to moderation requests, to -confirm and to -request; everything else is recorded and
 * waits. The outcome is committed once on the mail's record, and what follows is done from there.
 * @throws ShuntError when the list or the bytes are gone.
 */
export const runCommand = async (message: MailMessage, ports: CommandPorts): Promise<void> => {
  const { store, blobs, clock, site } = ports;
  const { subaddress } = message.metadata;
  if (subaddress !== 'confirm' && subaddress !== 'request') return runWaiting(message, ports);
  const [list, earlier, bytes] = await Promise.all([
    store.lists.byId(message.listid),
    store.mails.get(message.id),
    blobs.get(message.blob),
  ]);
  if (list === undefined) throw new ShuntError(`The list ${message.listid} does not exist any more.`);
  // The held mail may be gone since: what was decided is on the record alone.
  if (earlier?.command !== undefined) return follow(earlier, list, ports);
  if (bytes === undefined) throw new ShuntError('The bytes of this mail are gone from the bucket.');
  const mail = parseHeaderBlock(bytes);
  const held = await heldBy(message, mail, ports);
  if (held === undefined) return runWaiting(message, ports);
  const record = recordOf(message, await decide(message, mail, held, list, ports), ports);
  const expires = new Date(clock.now().getTime() + site.retention.posts * 1000);
  await follow((await store.mails.commit(record, expires)) ?? record, list, ports);
};
