import { decodeWords, encodeWords } from './encoded-words.ts';

/** One header field, as it stands in the mail. */
export interface HeaderField {
  readonly name: string;
  /** The name in lower case. */
  readonly key: string;
  /** The whole field with its line ends, folded as it came. */
  readonly raw: Buffer;
}

/** A mail cut in two: what may be edited, and what leaves as it came (design, rule 1). */
export interface HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** Everything after the fields: the blank line's CRLF and the body, or a line that is no field and what follows it. */
  readonly rest: Buffer;
}

const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const tab = 0x09;
const colon = 0x3a;
const crlf = Buffer.from('\r\n');
const mboxLine = Buffer.from('From ');

const isBlankSpace = (byte: number | undefined): boolean => byte === space || byte === tab;

/** Where the line that begins at `start` ends, its line end included. */
const lineEnd = (bytes: Buffer, start: number): number => {
  const at = bytes.indexOf(lf, start);
  return at === -1 ? bytes.length : at + 1;
};

/**
 * Where the name of a field ends, or -1 when the line is no field. A name is printable ASCII without the colon (RFC 5322,
 * section 2.2); blanks between it and the colon are obsolete but read (section 4.5).
 */
const nameEnd = (bytes: Buffer, start: number, end: number): number => {
  let at = start;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte === colon || byte <= space || byte > 0x7e) break;
    at += 1;
  }
  let next = at;
  while (next < end && isBlankSpace(bytes[next])) next += 1;
  return at > start && next < end && bytes[next] === colon ? at : -1;
};

const beginsWithMboxLine = (bytes: Buffer): boolean =>
  bytes.subarray(0, mboxLine.length).equals(mboxLine) && nameEnd(bytes, 0, lineEnd(bytes, 0)) === -1;

/** A field at the very end of a mail may lack its line end; whatever is put behind it must not become a part of it. */
const ended = (raw: Buffer): Buffer => (raw.at(-1) === lf ? raw : Buffer.concat([raw, crlf]));

/**
 * Reads the header block of a mail, whatever its bytes are, in linear time and without copying. The block ends before the
 * first blank line, or before the first line that is neither a field nor the continuation of one: a line that is no field is
 * where Postfix and Exim begin the body. A line of blanks alone is a continuation (RFC 5322, section 4.2). The `From ` line
 * of an mbox file is no part of the mail and is dropped. Line ends are CRLF since the gateway; LF alone is read as well.
 */
export const parseHeaderBlock = (bytes: Buffer): HeaderBlock => {
  const fields: HeaderField[] = [];
  let at = beginsWithMboxLine(bytes) ? lineEnd(bytes, 0) : 0;
  while (at < bytes.length) {
    let end = lineEnd(bytes, at);
    const stop = nameEnd(bytes, at, end);
    if (stop === -1) break;
    while (end < bytes.length && isBlankSpace(bytes[end])) end = lineEnd(bytes, end);
    const name = bytes.toString('latin1', at, stop);
    fields.push({ name, key: name.toLowerCase(), raw: ended(bytes.subarray(at, end)) });
    at = end;
  }
  return { fields, rest: bytes.subarray(at) };
};

const beginsBlank = (rest: Buffer): boolean => rest[0] === lf || (rest[0] === cr && rest[1] === lf);

/**
 * Whether fields and rest need a blank line between them. A rest that begins with a line which is no field brings its own
 * blank line later on, as the sender wrote it, and then nothing is put into it: readers that skip such a line find the body
 * where it was, and so do those that begin the body at the line. Only when no blank line follows at all would the whole mail
 * be header; and a first line that begins with a blank would become the continuation of the field before it.
 */
const lacksBlankLine = (rest: Buffer): boolean => {
  if (rest.length === 0 || beginsBlank(rest)) return false;
  return isBlankSpace(rest[0]) || !(rest.includes('\r\n\r\n') || rest.includes('\n\n'));
};

/** The bytes of a mail from its header block and its rest, which is not touched. */
export const joinMail = ({ fields, rest }: HeaderBlock): Buffer =>
  Buffer.concat([
    ...fields.map((field) => field.raw),
    ...(fields.length > 0 && lacksBlankLine(rest) ? [crlf] : []),
    rest,
  ]);

// RFC 5322, section 2.1.1: a line should have at most 78 characters; with encoded words, 76 (RFC 2047, section 2).
const lineLength = 78;
const lineLengthWithWords = 76;

const fold = (line: string): string => {
  const lines: string[] = [];
  let current = '';
  const longest = line.includes('=?') ? lineLengthWithWords : lineLength;
  // Each piece is a word with the blanks before it; a line can be broken before any of them but the first.
  for (const piece of line.match(/[ \t]*[^ \t]+/g) ?? []) {
    const first = lines.length === 0 && !current.includes(' ');
    if (current !== '' && !first && current.length + piece.length > longest) {
      lines.push(current);
      current = piece;
    } else {
      current += piece;
    }
  }
  return [...lines, current].join('\r\n');
};

/**
 * Makes a field: folded at 78 characters, with what is not ASCII as encoded words (RFC 2047). Line ends in the value become
 * blanks, so that no value can smuggle in a field of its own. An address list is given with its names already written
 * by `lib/mail/address-list.ts`, because an encoded word must not hold an address.
 */
export const fieldFrom = (name: string, value: string): HeaderField => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character has no place in a header value.
  const oneLine = value.replace(/[\u0000-\u0008\u000a-\u001f\u007f]+/g, ' ').trim();
  return {
    name,
    key: name.toLowerCase(),
    raw: Buffer.from(`${fold(`${name}: ${encodeWords(oneLine)}`)}\r\n`),
  };
};

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text from raw bytes that name no charset: UTF-8 when they are that, else Latin-1, which reads anything. */
const textFrom = (bytes: Buffer): string => {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
};

/** The value of a field on one line, with encoded words as they are. */
export const unfolded = (field: HeaderField): string =>
  textFrom(field.raw.subarray(field.raw.indexOf(colon) + 1))
    .replace(/\r?\n/g, '')
    .trim();

/** The value of a field as a person reads it: on one line, with encoded words (RFC 2047) decoded. */
export const decoded = (field: HeaderField): string => decodeWords(unfolded(field));
