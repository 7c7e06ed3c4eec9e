import { addressesIn } from '../mail/address-list.ts';
import { decoded, type HeaderBlock } from '../mail/header-block.ts';
import type { MailMessage } from '../queue/messages.ts';
import { quotedTokenIn, tokenForm } from './quoted-token.ts';

// People type what they read, with the marks around it.
const inSubject = new RegExp(`(?:^|["'<\\s])confirm\\s+["'<]?(${tokenForm})(?![A-Za-z0-9_-])`, 'i');
const inLocalPart = new RegExp(`-confirm[+=_-](${tokenForm})@`, 'i');

/** How many lines of the text are looked at: an answer has its own words first, and quotes come after them. */
const mostLines = 200;

/** The first group of an expression in a text. */
const found = (expression: RegExp, text: string): readonly string[] => {
  const [, group] = expression.exec(text) ?? [];
  return group === undefined ? [] : [group];
};

const firstIn = (text: string): readonly string[] => {
  for (const line of text.split('\n', mostLines)) {
    const token = quotedTokenIn(line.trimEnd());
    if (token !== undefined) return [token];
  }
  return [];
};

/**
 * The tokens that a mail confirms, the likeliest first: that of the envelope recipient (design, rule 5), and only when it has none
 * that of the To headers, or, in mail to -request, that of the subject or of the text. Some mail servers write addresses in
 * lower case, so each is given in its own letters and in small ones.
 */
export const confirmTokens = (
  { envelope, metadata }: Pick<MailMessage, 'envelope' | 'metadata'>,
  mail: HeaderBlock,
  text: string,
): readonly string[] => {
  const subject = mail.fields.find(({ key }) => key === 'subject');
  const commanded =
    metadata.subaddress === 'request'
      ? [...found(inSubject, subject === undefined ? '' : decoded(subject)), ...firstIn(text)]
      : addressesIn(mail, 'to', 'delivered-to').flatMap(({ address }) => found(inLocalPart, address));
  const { detail = '' } = envelope;
  const given = metadata.subaddress === 'confirm' && detail !== '' ? [detail] : commanded;
  return [...new Set(given.flatMap((one) => [one, one.toLowerCase()]))].slice(0, 4);
};
