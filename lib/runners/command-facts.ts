import { addressKey } from '../addresses/email-address.ts';
import type { Clock } from '../clock/clock.ts';
import { checkPassword } from '../commands/check-password.ts';
import type { Asker, CommandContext, Confirmable, Question } from '../commands/command.ts';
import type { CommandLines } from '../commands/command-lines.ts';
import type { PasswordCheck } from '../commands/confirm-held.ts';
import { readRosterPage } from '../commands/roster-page.ts';
import { questionsOf } from '../commands/run-commands.ts';
import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import { addressesIn } from '../mail/address-list.ts';
import { findApproved } from '../mail/approved-line.ts';
import type { HeaderBlock } from '../mail/header-block.ts';
import { sendersOf } from '../mail/senders.ts';
import { isWithin } from '../notices/answer-limit.ts';
import { oneLine } from '../notices/one-line.ts';
import type { MailMessage } from '../queue/messages.ts';
import type { Store } from '../store/store.ts';
import type { Address } from '../users/address.ts';

/** What answering the questions of commands needs of the world. */
export interface FactPorts {
  readonly store: Pick<Store, 'members' | 'addresses' | 'requests' | 'limits'>;
  readonly clock: Clock;
  readonly site: Pick<Site, 'mailman' | 'mta'>;
}

/** All that the commands of a mail are decided by, and whether the asker is somebody of whom we know. */
export type CommandFacts = Omit<CommandContext, 'args'> & { readonly known: boolean };

/** How many confirmed addresses of a user are looked for on the list. */
const mostAddresses = 25;

/** Another address of the same user that is on the list, if the user has confirmed both. */
const otherAddress = async (
  { list_id }: MailingList,
  address: Address | undefined,
  { store }: FactPorts,
): Promise<string | undefined> => {
  if (address?.user_id === undefined || address.verified_on === undefined) return undefined;
  const verified: string[] = [];
  for await (const one of store.addresses.of(address.user_id)) {
    if (one.verified_on !== undefined) verified.push(one.email);
    if (verified.length === mostAddresses) break;
  }
  if (verified.length === 0) return undefined;
  const found = await store.members.getMany(
    list_id,
    verified.map((email) => ({ role: 'member', email })),
  );
  const [first] = found.map(({ email }) => email).toSorted();
  return first;
};

/** The sender with the name beside the address. */
const senderOf = (
  { envelope }: MailMessage,
  mail: HeaderBlock,
  { site }: FactPorts,
): Pick<Asker, 'email' | 'name'> => {
  const [email = ''] = sendersOf(mail, envelope.sender, site.mailman.sender_headers);
  const named = addressesIn(mail, 'from').find(({ address }) => addressKey(address) === email);
  return { email: named?.address ?? email, name: oneLine(named?.name ?? '', 100) };
};

/** A password is looked at for a request that waits for a moderator, and only then counted as a try. */
const passwordFor = async (
  { id, metadata }: MailMessage,
  mail: HeaderBlock,
  list: MailingList,
  ports: FactPorts,
): Promise<PasswordCheck> => {
  const given = findApproved(mail);
  if (given === undefined) return 'none given';
  return checkPassword({ list, id, password: given.password, at: new Date(metadata.received_time) }, ports);
};

const tokensOf = async (
  message: MailMessage,
  mail: HeaderBlock,
  list: MailingList,
  questions: readonly Question[],
  ports: FactPorts,
): Promise<ReadonlyMap<string, Confirmable>> => {
  const found = new Map<string, Confirmable>();
  for (const question of questions) {
    if (question.ask !== 'token') continue;
    // Some mail servers write addresses in capitals or in small letters; our tokens have small ones.
    const request = await ports.store.requests.byToken(question.token.toLowerCase(), ports.clock.now());
    if (request === undefined || request.list_id !== list.list_id) continue;
    const password: PasswordCheck =
      request.state === 'moderating' ? await passwordFor(message, mail, list, ports) : 'none given';
    found.set(question.token, { request, password });
  }
  return found;
};

const day = 86_400_000;

/** Whether the members are read: no more often than one is answered, since a late page of a long list is dear, and a forged sender asks for nothing else. */
const mayReadRoster = (
  { id, listid, metadata }: MailMessage,
  { email }: Asker,
  { store, site }: FactPorts,
): Promise<boolean> =>
  isWithin(
    {
      name: `rosters#${listid}#${addressKey(email)}`,
      cause: id,
      at: new Date(metadata.received_time),
      span: day,
      most: site.mta.max_autoresponses_per_day,
    },
    { store },
  );

/** Reads what the commands of a mail need to know, and nothing else. */
export const commandFacts = async (
  message: MailMessage,
  mail: HeaderBlock,
  lines: CommandLines,
  list: MailingList,
  ports: FactPorts,
): Promise<CommandFacts> => {
  const { store } = ports;
  const sender = senderOf(message, mail, ports);
  const { members: people, address } =
    sender.email === ''
      ? { members: [], address: undefined }
      : await store.addresses.onList(sender.email, list.list_id, ['member', 'owner', 'moderator']);
  const roles = new Set(people.map(({ role }) => role));
  const questions = questionsOf(lines, { roles }, list);
  const own = people.find(({ role }) => role === 'member')?.email;
  const leaves = questions.some(({ ask }) => ask === 'leaves')
    ? (own ?? (await otherAddress(list, address, ports)))
    : undefined;
  const asker: Asker = { ...sender, roles, leaves };
  const tokens = await tokensOf(message, mail, list, questions, ports);
  const wish = questions.find(({ ask }) => ask === 'roster');
  const roster =
    wish?.ask === 'roster' && (await mayReadRoster(message, asker, ports))
      ? await readRosterPage(list, asker, wish, ports)
      : undefined;
  // Who brings the token that was sent to an address reads its mail.
  const proves = [...tokens.values()].some(
    ({ request }) => request.state === 'moderating' || addressKey(request.email) === addressKey(asker.email),
  );
  const known = roles.size > 0 || address?.verified_on !== undefined || proves;
  return { list, asker, tokens, roster, known };
};
