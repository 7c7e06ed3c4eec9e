// What may stand in the local part of an address that nobody put in quotes (RFC 5322, section 3.2.3: an atom, and the dot). What is not ASCII is
// left out: in Chinese and Japanese no blank parts an address from the sentence around it.
const localCharacters = new Set(
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.",
);
const domainCharacters = new Set('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.');

// RFC 5321, section 4.5.3.1: 64 octets before the at sign, 255 after it; some senders of VERP write more than 64.
const longestLocal = 128;
const longestDomain = 255;

/** An address in a text, and where it stands. */
export interface AddressInText {
  readonly address: string;
  readonly from: number;
  readonly to: number;
}

/** Whether this is the name of a host in the domain name system: two labels or more, of which the last is no number. */
const isDomain = (domain: string): boolean => {
  const labels = domain.split('.');
  return labels.length >= 2 && labels.every((label) => label !== '') && /[a-z]/i.test(labels.at(-1) ?? '');
};

// Decoration before an address: quotes, bullets, a key as in `SMTP=user@example.com`, escapes of quoted-printable that nobody undid.
const decoration =
  /^(?:=(?:20|09|3c)|(?:smtp|rfc822|to|rcpt|addr|address|email|mailto|recipient)=|3d(?=<)|[-'*`|/={}!?&.~^#$%+])+/i;

// Where the quotes of a local part may open (RFC 5321, section 4.1.2): a word before them belongs to no address.
const beforeQuotes = /^[\s<(["'=:;,]?$/;

/** Where a local part in quotes begins that ends before this at sign. */
const quotedFrom = (text: string, at: number, behind: number): number | undefined => {
  const open = text.lastIndexOf('"', at - 2);
  if (open < behind || at - open > longestLocal || open === at - 2) return undefined;
  return /[<>@]/.test(text.slice(open, at)) || !beforeQuotes.test(text.slice(Math.max(0, open - 1), open))
    ? undefined
    : open;
};

/** What may begin an address that is alone: between brackets there are no bullets. */
const ownMarks = (text: string, from: number): RegExp =>
  text[from - 1] === '<' ? /^[-.!#$%&*+?^~]+$/ : /^\.+$/;

/**
 * Whether an address is all that stands between brackets, or in the text. Then nothing before it is decoration, and dots are its own wherever they
 * are: Japanese carriers gave out addresses that begin and end with them.
 */
const isAlone = (text: string, from: number, to: number): boolean =>
  (text[from - 1] === '<' && text[to] === '>') ||
  (to - from > 2 && text.slice(0, from).trim() === '' && text.slice(to).trim() === '');

/**
 * The addresses in one line of text, from left to right. It goes out from each at sign, so that no line costs more than the limits of an address
 * allow, whatever is in it.
 */
export const addressesInText = (text: string): readonly AddressInText[] => {
  const found: AddressInText[] = [];
  let behind = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    let from = (text[at - 1] === '"' ? quotedFrom(text, at, behind) : undefined) ?? at;
    const isQuoted = from < at;
    while (
      !isQuoted &&
      from > behind &&
      at - from < longestLocal &&
      localCharacters.has(text[from - 1] ?? '')
    )
      from -= 1;
    let to = at + 1;
    while (to < text.length && to - at <= longestDomain && domainCharacters.has(text[to] ?? '')) to += 1;
    const alone = isAlone(text, from, to);
    const [lead = ''] = isQuoted ? [] : (decoration.exec(text.slice(from, at)) ?? []);
    if (!alone || !ownMarks(text, from).test(lead)) from += lead.length;
    // `user@example.com...User unknown` is how sendmail says it.
    const [domain = ''] = text.slice(at + 1, to).split(/\.{2,}|[-_.]+$/, 1);
    to = at + 1 + domain.length;
    const local = text.slice(from, at);
    // user@host@gateway is a route of old, and none of its pieces is the address.
    if (local === '' || (local.endsWith('.') && !alone) || !isDomain(domain) || text[to] === '@') continue;
    found.push({ address: text.slice(from, to), from, to });
    behind = to;
  }
  return found;
};

/** The first address in a text. */
export const firstAddress = (text: string): string | undefined => addressesInText(text)[0]?.address;

/** What an address is compared by. */
export const sameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
