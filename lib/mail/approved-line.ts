import { decoded, type HeaderBlock } from './header-block.ts';
import { isTextPart, type MimePart, mimeParts } from './mime-parts.ts';
import { decodedBytes, partText } from './part-text.ts';

/** The headers that carry the password of the moderators; the first one that is there counts (mailman-behaviour.md, section 6.2). */
const headers = ['approve', 'approved', 'x-approve', 'x-approved'] as const;

/** A line that stands for such a header: a name, a colon, the password. */
const line = /^(?:x-)?approved?:[ \t]*(.*)$/i;

/** How far into the text the line is looked for. */
const mostText = 4096;

/** The password that a mail carries to pass the moderators, and where. */
export interface Approved {
  readonly password: string;
  readonly where: 'header' | 'text';
}

const firstPlainPart = (mail: HeaderBlock): MimePart | undefined => {
  for (const part of mimeParts(mail)) if (part.type === 'text/plain') return part;
  return undefined;
};

/** The first non-blank line of the text, when it is such a line. */
const lineIn = (mail: HeaderBlock): RegExpExecArray | undefined => {
  const part = firstPlainPart(mail);
  if (part === undefined) return undefined;
  const first = partText(part, mostText)
    .split('\n')
    .find((one) => one.trim() !== '');
  return line.exec(first?.trim() ?? '') ?? undefined;
};

/** Finds the password: in a header, else on the first non-blank line of the first text/plain part. */
export const findApproved = (mail: HeaderBlock): Approved | undefined => {
  for (const key of headers) {
    const field = mail.fields.find((one) => one.key === key);
    if (field !== undefined) return { password: decoded(field).trim(), where: 'header' };
  }
  const password = lineIn(mail)?.[1]?.trim();
  return password === undefined ? undefined : { password, where: 'text' };
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const asHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The text that tells the password, in a plain or an HTML part, as it stands in bytes read as Latin-1. */
const telling = (password: string): RegExp => {
  // A part is in UTF-8, or in a charset in which the password is read as it stands.
  const written = [password, asHtml(password)].flatMap((way) => [way, Buffer.from(way).toString('latin1')]);
  const ways = [...new Set(written)].map(escaped);
  // Every way to begin is a literal, and what may repeat ends at the next character of another kind: it takes linear time.
  return new RegExp(`(?:x-)?approved?:(?:[ \\t]|&nbsp;|\\xa0|\\xc2\\xa0)*(?:${ways.join('|')})`, 'gi');
};

const base64Lines = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n');

// RFC 2045, section 6.7: a line has at most 76 characters, of which the last may be the sign that it goes on.
const quotedLine = 76;

/** One line as quoted-printable. */
const quotedLines = (text: string): string => {
  const lines: string[] = [];
  let current = '';
  for (const [at, character] of [...text].entries()) {
    const code = character.charCodeAt(0);
    const blankAtEnd = (character === ' ' || character === '\t') && at === text.length - 1;
    const plain = (code > 0x1f && code < 0x7f && character !== '=') || character === '\t';
    const written = plain && !blankAtEnd ? character : `=${code.toString(16).toUpperCase().padStart(2, '0')}`;
    if (current.length + written.length > quotedLine - 1) {
      lines.push(`${current}=`);
      current = '';
    }
    current += written;
  }
  return [...lines, current].join('\r\n');
};

const quotedPrintable = (bytes: Buffer): string =>
  bytes.toString('latin1').split('\r\n').map(quotedLines).join('\r\n');

const encodedAs = (encoding: string, bytes: Buffer): Buffer => {
  if (encoding === 'base64') return Buffer.from(base64Lines(bytes), 'latin1');
  if (encoding === 'quoted-printable') return Buffer.from(quotedPrintable(bytes), 'latin1');
  return bytes;
};

/** A part without the password; undefined when it has none. */
const bodyWithout = (part: MimePart, password: RegExp, wholeLine: boolean): Buffer | undefined => {
  const before = decodedBytes(part).toString('latin1');
  const cut = wholeLine ? new RegExp(`^[ \\t]*${password.source}[ \\t]*\\r?\\n?`, 'im') : password;
  const after = before.replace(cut, '').replace(password, '');
  return after === before ? undefined : encodedAs(part.encoding, Buffer.from(after, 'latin1'));
};

/**
 * A mail without the password that stands in its text: the line goes from the first text/plain part, and what tells the password
 * goes from every other text part, such as the same text in HTML. Parts that do not have it keep their bytes. Headers are left to the handler
 * `cleanse`.
 */
export const withoutApprovedLine = (mail: HeaderBlock): HeaderBlock => {
  const found = findApproved(mail);
  if (found === undefined || found.where === 'header' || found.password === '') return mail;
  const password = telling(found.password);
  const pieces: Buffer[] = [];
  let from = 0;
  let seenPlain = false;
  for (const part of mimeParts(mail)) {
    if (!isTextPart(part)) continue;
    const isFirst: boolean = part.type === 'text/plain' && !seenPlain;
    seenPlain = seenPlain || isFirst;
    const body = bodyWithout(part, password, isFirst);
    if (body === undefined) continue;
    pieces.push(mail.rest.subarray(from, part.start), body);
    from = part.start + part.body.length;
  }
  return { ...mail, rest: Buffer.concat([...pieces, mail.rest.subarray(from)]) };
};
