import addressparser from 'nodemailer/lib/addressparser';
import { decodeWords, encodeWords } from './encoded-words.ts';
import { type HeaderBlock, unfolded } from './header-block.ts';

/** An address with the name that stands beside it, decoded; the name is empty when there is none. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/**
 * Reads the addresses of a header value, those in groups too. The list is parsed first and names are decoded after that: an
 * encoded word is never an address (RFC 2047, section 5), and decoding first would let a name bring in addresses of its own.
 */
export const parseAddressList = (value: string): readonly Mailbox[] =>
  addressparser(value, { flatten: true }).map(({ name, address }) => ({ name: decodeWords(name), address }));

/** The addresses in all fields with these names (lower case), in the order of the names and then of the mail. */
export const addressesIn = (mail: HeaderBlock, ...keys: readonly string[]): readonly Mailbox[] =>
  keys.flatMap((key) =>
    mail.fields.filter((field) => field.key === key).flatMap((field) => parseAddressList(unfolded(field))),
  );

// The characters of atoms, with blanks between the atoms of a phrase (RFC 5322, section 3.2.3).
const atoms = /^[-!#$%&'*+/0-9=?A-Z^_`a-z{|}~]+( [-!#$%&'*+/0-9=?A-Z^_`a-z{|}~]+)*$/;
const printable = /^[\u0020-\u007e]*$/;

/**
 * Writes a text as a phrase: bare, quoted, or as encoded words. What looks like an encoded word and is none is encoded, so
 * that it is read as the text it was.
 */
export const phrase = (text: string): string => {
  const oneLine = text.replace(/\p{Cc}+/gu, ' ').trim();
  if (!printable.test(oneLine)) return encodeWords(oneLine, { whole: true });
  if (oneLine.includes('=?')) return encodeWords(oneLine, { whole: true });
  if (oneLine === '' || atoms.test(oneLine)) return oneLine;
  return `"${oneLine.replace(/["\\]/g, '\\$&')}"`;
};

/** Writes addresses as the value of a header. */
export const formatAddressList = (mailboxes: readonly Mailbox[]): string =>
  mailboxes
    .map(({ name, address }) => (name.trim() === '' ? address : `${phrase(name)} <${address}>`))
    .join(', ');
