import type { Blobs } from '../blobs/blobs.ts';
import { automaticBy } from '../commands/automatic.ts';
import { checkPassword } from '../commands/check-password.ts';
import type { CommandWish } from '../commands/command.ts';
import { commandLinesOf } from '../commands/command-lines.ts';
import type { CommandOutcome, CommandsOutcome, HeldOutcome } from '../commands/command-outcome.ts';
import { confirmHeld, type PasswordCheck } from '../commands/confirm-held.ts';
import { confirmTokens } from '../commands/confirm-tokens.ts';
import { runCommands } from '../commands/run-commands.ts';
import { tellResults } from '../commands/tell-results.ts';
import { tellWrongPassword } from '../commands/wrong-password.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { HeldMail } from '../held/held-mail.ts';
import type { MailingList } from '../lists/list.ts';
import { findApproved } from '../mail/approved-line.ts';
import { type HeaderBlock, parseHeaderBlock } from '../mail/header-block.ts';
import { readMailText } from '../mail/mail-text.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import type { MailRecord } from '../posts/mail-record.ts';
import { recordOfArrival } from '../posts/record-of-arrival.ts';
import type { MailMessage, SubscriptionMessage } from '../queue/messages.ts';
import { destinationOf, replyOf } from '../replybot/destination.ts';
import type { Store } from '../store/store.ts';
import type { SubscriptionPorts } from '../subscriptions/ports.ts';
import { commandFacts } from './command-facts.ts';
import { doSubscription } from './subscription.ts';

/** What commands by mail need of the world. */
export type CommandPorts = SubscriptionPorts & {
  readonly store: Pick<Store, 'held' | 'addresses' | 'requests'>;
  readonly blobs: Blobs;
  readonly log: MailLog;
};

/** What was decided on a mail, with the sentence that tells it to whoever asks what became of it. */
interface Decision {
  readonly outcome: CommandOutcome;
  readonly reason: string;
}

const followHeld = async (
  record: MailRecord,
  outcome: HeldOutcome,
  list: MailingList,
  ports: CommandPorts,
): Promise<void> => {
  if (outcome.wish !== undefined) await ports.queues.send([outcome.wish]);
  if (outcome.result === 'wrong-password') {
    await tellWrongPassword(record, outcome.request_id, list, ports);
  }
};

const followCommands = async (
  record: MailRecord,
  outcome: CommandsOutcome,
  list: MailingList,
  ports: CommandPorts,
): Promise<void> => {
  // Each is known by its id, and is done again when this is. One after the other, as they were written.
  for (const wish of outcome.wishes) await doSubscription(wish, list, ports);
  if (outcome.replies === true) {
    await ports.queues.send([
      {
        v: 1,
        type: 'autoresponse',
        queue: 'command',
        id: record.id,
        listid: record.list_id,
        destination: 'requests',
      },
    ]);
  }
  if (outcome.answer) await tellResults(record, outcome, list, ports);
};

/** What follows the commands of a mail; it may be repeated. */
const follow = async (record: MailRecord, list: MailingList, ports: CommandPorts): Promise<void> => {
  const { command } = record;
  if (command?.verb === 'confirm') await followHeld(record, command, list, ports);
  if (command?.verb === 'commands') await followCommands(record, command, list, ports);
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

const decideOnHeld = async (
  message: MailMessage,
  mail: HeaderBlock,
  held: HeldMail,
  list: MailingList,
  ports: CommandPorts,
): Promise<Decision> => {
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

const nothing: Omit<CommandsOutcome, 'result'> = {
  verb: 'commands',
  asker: '',
  known: false,
  answer: false,
  lines: [],
  unprocessed: [],
  ignored: 0,
  others: false,
  wishes: [],
};

/** A wish as a message, with an id by which it is the same wish whenever it comes. */
const wishOf = (
  wish: CommandWish,
  index: number,
  by: string,
  { id, listid, metadata }: MailMessage,
): SubscriptionMessage => ({
  v: 1,
  type: 'subscription',
  queue: 'command',
  id: `${id}-${index}`,
  listid,
  ...wish,
  by,
  at: metadata.received_time,
});

/**
 * Decides what the commands of a mail do. A stranger who wishes something is told by what is to be confirmed, which is the one mail that a stranger gets in a
 * day; so the senders that an attack forges get nothing. Who wrote to an address that is a command by itself is told of errors alone.
 */
const decideOnCommands = async (
  message: MailMessage,
  mail: HeaderBlock,
  list: MailingList,
  ports: CommandPorts,
): Promise<Decision> => {
  const automatic = automaticBy(mail, message.envelope.sender);
  if (automatic !== undefined) {
    return {
      outcome: { ...nothing, result: 'automatic' },
      reason: `Commands in it are not done. ${automatic}`,
    };
  }
  const lines = commandLinesOf(message, mail, ports.site.mailman.email_commands_max_lines);
  const { known, ...context } = await commandFacts(message, mail, lines, list, ports);
  const destination = destinationOf(message.metadata);
  const reply = destination === undefined ? 'none' : replyOf(list, destination);
  const replies = reply === 'none' ? {} : { replies: true };
  // Who confirms has been told to write to this address.
  if (reply === 'respond_and_discard' && context.tokens.size === 0) {
    return {
      outcome: { ...nothing, ...replies, result: 'replied' },
      reason: 'The list answers such mail automatically, and reads no commands in it.',
    };
  }
  const { failed, wishes, ...results } = runCommands(lines, context);
  const { email } = context.asker;
  const tells = lines.byAddress ? failed : true;
  const named = lines.lines.map(({ command }) => command?.name ?? '').filter((name) => name !== '');
  return {
    outcome: {
      verb: 'commands',
      result: 'done',
      asker: email,
      known,
      answer: tells && (known || wishes.length === 0),
      lines: results.lines.map(({ line, told }) => ({
        line,
        told: told.map(({ text, variables }) => ({ text, variables: { ...variables } })),
      })),
      unprocessed: [...results.unprocessed],
      ignored: lines.ignored,
      others: lines.others,
      wishes: wishes.map((wish, index) => wishOf(wish, index, email, message)),
      ...replies,
    },
    reason:
      named.length === 0
        ? 'There is no command in it.'
        : `It was read for commands: ${[...new Set(named)].join(', ')}.`,
  };
};

/** The record of a mail that was decided on. */
const recordOf = (message: MailMessage, { outcome, reason }: Decision, { clock }: CommandPorts): MailRecord =>
  recordOfArrival(message, {
    disposition: outcome.result === 'done' ? 'done' : 'discarded',
    reason,
    decided_at: clock.now().toISOString(),
    command: outcome,
  });

/**
 * Takes a mail with commands: to -request, -confirm, -join or -leave. The outcome is committed once on the mail's record, and what follows is done
 * from there: what is wished of subscriptions is done, a wish about a held mail becomes a message, and whoever sent the commands is told. Who comes again decides
 * anew, which counts for nothing, and follows the record: a mail that comes for the first time, as nearly all do, is spared the look for one.
 * @throws ShuntError when the list or the bytes are gone.
 */
export const runCommand = async (message: MailMessage, ports: CommandPorts): Promise<void> => {
  const { store, blobs, clock, site } = ports;
  const [list, bytes] = await Promise.all([store.lists.byId(message.listid), blobs.get(message.blob)]);
  if (list === undefined) throw new ShuntError(`The list ${message.listid} does not exist any more.`);
  if (bytes === undefined) {
    const earlier = await store.mails.get(message.id);
    if (earlier?.command !== undefined) return follow(earlier, list, ports);
    throw new ShuntError('The bytes of this mail are gone from the bucket.');
  }
  const mail = parseHeaderBlock(bytes);
  const held = await heldBy(message, mail, ports);
  const decision =
    held === undefined
      ? await decideOnCommands(message, mail, list, ports)
      : await decideOnHeld(message, mail, held, list, ports);
  const record = recordOf(message, decision, ports);
  const expires = new Date(clock.now().getTime() + site.retention.posts * 1000);
  await follow((await store.mails.commit(record, expires)) ?? record, list, ports);
};
