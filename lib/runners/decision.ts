import type { ChainResult } from '../chains/chain.ts';
import { chainTableFor, postingChainOf, questionsOf } from '../chains/chains.ts';
import { runChain } from '../chains/run-chain.ts';
import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import { parseHeaderBlock } from '../mail/header-block.ts';
import { type MailTextWanted, noText, readMailText } from '../mail/mail-text.ts';
import { sendersOf } from '../mail/senders.ts';
import type { MailMessage, Metadata, MetadataNotes } from '../queue/messages.ts';
import type { Question } from '../rules/answers.ts';
import { type AnswerPorts, answersFor } from './answers.ts';

/** A mail to be decided on. */
export interface Undecided {
  readonly message: Pick<MailMessage, 'id' | 'envelope' | 'metadata'>;
  readonly bytes: Buffer;
  readonly list: MailingList;
  readonly site: Site;
}

/** What of the text somebody will look at, by the settings of list and site. */
const wantedOf = (
  { settings }: MailingList,
  { mailman, antispam }: Site,
  questions: ReadonlySet<Question>,
): MailTextWanted => ({
  first: settings.administrivia,
  all: mailman.hold_digest,
  partFields: settings.header_matches.length > 0 || antispam.header_checks !== '',
  approved: questions.has('approval') && settings.moderator_password !== null,
});

/** The chain that decides on a mail. */
export const chainOf = (metadata: Metadata, list: MailingList, site: Site): string =>
  metadata.to_owner === true ? list.settings.owner_chain : postingChainOf(list, site);

/**
 * Decides on a mail: asks the world what the rules of its chain need to know, and sends it through them. It writes nothing but the count of
 * passwords that were tried, so `post explain` uses it as well.
 */
export const decideOn = async (
  { message, bytes, list, site }: Undecided,
  ports: AnswerPorts,
): Promise<ChainResult> => {
  const { id, envelope } = message;
  const noreply = `${site.mailman.noreply_address}@${list.mail_host}`;
  const added: MetadataNotes = { envsender: message.metadata.envsender ?? noreply };
  const metadata: Metadata = { ...message.metadata, ...added };
  const mail = parseHeaderBlock(bytes);
  const senders = sendersOf(mail, envelope.sender, site.mailman.sender_headers);
  const table = chainTableFor(list, site);
  const chain = chainOf(metadata, list, site);
  const questions = questionsOf(table, chain);
  // The owner chain and the bare ends look at no text; whoever asks about people is a chain for posts.
  const text = questions.size === 0 ? noText : readMailText(mail, wantedOf(list, site, questions));
  const { approvedBy } = text;
  const answers = await answersFor({ id, list, mail, senders, approvedBy, questions }, ports);
  return runChain(table, chain, { list, site, mail, text, envelope, metadata, senders, answers });
};
