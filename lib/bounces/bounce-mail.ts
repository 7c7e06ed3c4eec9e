import { decoded, type HeaderBlock, type HeaderField, parseHeaderBlock } from '../mail/header-block.ts';
import { type MimePart, mimeParts } from '../mail/mime-parts.ts';
import { decodedBytes } from '../mail/part-text.ts';
import type { ReceivedMail } from './bounce.ts';
import { htmlText } from './html-text.ts';
import { reportText } from './report-text.ts';
import { beginsReturnedMail } from './returned-mail.ts';
import { Steps } from './steps.ts';
import { linesOf, mostLines } from './text-lines.ts';
import { type VerpOptions, verpMember } from './verp.ts';

/** A mail as the detectors read it: what its reporter says, apart from the mail that was returned. */
export interface BounceMail {
  readonly fields: readonly HeaderField[];
  readonly recipient?: string;
  readonly sender?: string;
  /** What the reporter wrote for people, line by line, without the returned mail. */
  readonly lines: readonly string[];
  /** Each of these lines behind the one before it, for sentences that are wrapped; nothing where either is blank. */
  readonly pairs: readonly (LinePair | undefined)[];
  /** What it wrote for programs: delivery status, feedback and disposition, each under its type. */
  readonly reports: readonly Report[];
  /** The header of the returned mail, as far as it came back; empty when it did not. */
  readonly original: readonly HeaderField[];
  /** The member for whom a bounce address was made. */
  readonly verp: (address: string) => string | undefined;
  readonly steps: Steps;
}

/** Two lines as one, and where the second begins in it. */
export interface LinePair {
  readonly text: string;
  readonly seam: number;
}

/** A part of a multipart/report that a program reads (RFC 6522). */
export interface Report {
  readonly type: 'delivery-status' | 'feedback-report' | 'disposition-notification';
  readonly lines: readonly string[];
}

// A report is short and comes first. What is longer than this is the mail that it returns, or no report; 500 recipients fit.
const mostText = 131_072;
// A mail that went through many hands has some 100.
const mostFields = 500;

const textOf = (part: MimePart): string => {
  const bytes = decodedBytes(part, mostText).subarray(0, mostText);
  return reportText(part.charset, bytes, bytes.length === mostText);
};

const reportTypes: Readonly<Record<string, Report['type']>> = {
  'message/delivery-status': 'delivery-status',
  // RFC 6533, section 6.2.
  'message/global-delivery-status': 'delivery-status',
  'message/feedback-report': 'feedback-report',
  'message/disposition-notification': 'disposition-notification',
  'message/global-disposition-notification': 'disposition-notification',
};

// The mail that came back, whole or its header alone (RFC 6522, section 4; RFC 6533, section 6).
const returnedTypes = new Set([
  'message/rfc822',
  'message/global',
  'text/rfc822-headers',
  'text/rfc822-header',
  'message/rfc822-headers',
  'message/global-headers',
  'message/partial',
  'message/news',
]);

// Gateways that rewrite mail lose the type of a part; its first fields tell (RFC 3464, section 2.2; RFC 5965, section 3).
const sniffed: readonly (readonly [RegExp, Report['type']])[] = [
  [/^(?:reporting-mta|final-recipient|original-recipient)[ \t]*:/im, 'delivery-status'],
  [/^feedback-type[ \t]*:/im, 'feedback-report'],
];

const recipientField = /^[ \t]*(?:final|original)-recipient[ \t]*:/im;

const reportTypeOf = (part: MimePart, text: string): Report['type'] | undefined => {
  const known = reportTypes[part.type];
  if (known !== undefined || part.depth === 0) return known;
  // A report begins with its fields; in a text for people they come late, and its lines are read for them elsewhere.
  const type = sniffed.find(([pattern]) => pattern.test(text.trimStart().slice(0, 300)))?.[1];
  // Some add the first fields to a text for people, and name the recipient only there.
  return type === 'delivery-status' && !recipientField.test(text) ? undefined : type;
};

/** Fields of a report that stand in the header of its part, because whoever wrote it left out the blank line. */
const strayFields = ({ fields }: MimePart): readonly string[] =>
  fields
    .filter(({ key }) => key !== 'content-type' && !key.startsWith('content-') && key !== 'mime-version')
    .slice(0, mostFields)
    .flatMap((field) => linesOf(`${field.key}: ${decoded({ ...field, raw: field.raw.subarray(0, 2048) })}`));

/** The header fields among lines: an inlined mail, perhaps with an indent or quote marks. */
const fieldsOf = (lines: readonly string[]): readonly HeaderField[] => {
  const first = lines.findIndex((line) => /^[\s>|]*[A-Za-z][A-Za-z0-9-]*:(?:\s|$)/.test(line));
  if (first === -1 || first > 12) return [];
  const indent = /^[\s>|]*/.exec(lines[first] ?? '')?.[0].length ?? 0;
  const text = lines.slice(first).map((line) => (line.trim() === '' ? '' : line.slice(indent)));
  return parseHeaderBlock(Buffer.from(text.join('\n'))).fields;
};

/** The same text for people in plain and in HTML: a multipart/alternative, or what is in no other. */
interface Texts {
  /** Parts that are deeper belong to it. */
  readonly depth: number;
  readonly plain: string[];
  readonly html: string[];
}

interface Read {
  readonly texts: Texts[];
  readonly reports: Report[];
  original: readonly HeaderField[];
}

const isEmpty = (lines: readonly string[]): boolean => lines.every((line) => line.trim() === '');

const namesNobody = (lines: readonly string[]): boolean => !lines.some((line) => line.includes('@'));

/** The texts to which a part belongs. A plain text that follows HTML is not the same in other words, but the footer of a gateway. */
const textsAt = (part: MimePart, { texts }: Read): Texts => {
  const last = texts.at(-1);
  const follows = last?.depth === -1 && part.type !== 'text/html' && last.html.length > 0;
  if (last !== undefined && part.depth > last.depth && !follows) return last;
  const next = { depth: -1, plain: [], html: [] };
  texts.push(next);
  return next;
};

/** What a group of texts says: the plain one, and the HTML where that says little. */
const linesIn = ({ plain, html }: Texts): readonly string[] => {
  // Some say in plain text no more than that there is HTML.
  return namesNobody(plain) ? [...plain, ...html] : plain;
};

const readPart = (part: MimePart, read: Read): void => {
  if (part.type === 'multipart/alternative') read.texts.push({ depth: part.depth, plain: [], html: [] });
  if (part.type.startsWith('multipart/')) return;
  if (returnedTypes.has(part.type)) {
    if (read.original.length > 0) return;
    const bytes = part.encoding === '' ? part.body.subarray(0, mostText) : decodedBytes(part, mostText);
    read.original = parseHeaderBlock(bytes).fields.slice(0, mostFields);
    return;
  }
  if (!/^(?:text|message|application)\//.test(part.type)) return;
  const text = textOf(part);
  const type = reportTypeOf(part, text);
  if (type !== undefined) read.reports.push({ type, lines: [...strayFields(part), ...linesOf(text)] });
  else if (part.type === 'text/html') textsAt(part, read).html.push(...linesOf(htmlText(text)));
  else if (part.type.startsWith('text/')) textsAt(part, read).plain.push(...linesOf(text));
};

/** Goes through the parts, but not into the mail that was returned. */
const readParts = (block: HeaderBlock): Read => {
  const read: Read = { texts: [], reports: [], original: [] };
  let returned = Number.POSITIVE_INFINITY;
  let within = 0;
  for (const part of mimeParts(block)) {
    if (part.depth > returned) continue;
    returned = returnedTypes.has(part.type) ? part.depth : Number.POSITIVE_INFINITY;
    within += 1;
    // A report has three parts. Attachments beyond these are not part of one.
    if (within > 32) break;
    readPart(part, read);
  }
  return read;
};

const pairsOf = (lines: readonly string[]): readonly (LinePair | undefined)[] => {
  let before = '';
  return lines.map((line) => {
    const trimmed = line.trim();
    const pair =
      before === '' || trimmed === ''
        ? undefined
        : { text: `${before} ${line.trimStart()}`, seam: before.length + 1 };
    before = trimmed;
    return pair;
  });
};

/** Reads a mail; whatever its bytes are, it gives something. */
export const readBounceMail = (
  { bytes, recipient, sender }: ReceivedMail,
  options: VerpOptions,
): BounceMail => {
  const block = parseHeaderBlock(bytes);
  const read = readParts(block);
  const steps = new Steps();
  let text: readonly string[] = read.texts.flatMap(linesIn);
  if (isEmpty(text) && read.reports.length === 0 && read.original.length === 0) {
    // No part is readable: a boundary that does not occur, or a type that nobody knows. The bytes are all there is.
    text = linesOf(reportText('', block.rest.subarray(0, mostText), true));
  }
  // Blanks in quoted-printable that nobody undid: reports are made of pieces, and their type is forgotten.
  const cut = text
    .slice(0, mostLines)
    .map((line) => (/^=(?:20|09)/.test(line) ? line.replace(/^(?:=(?:20|09))+/, ' ') : line));
  steps.add(cut.length);
  const end = cut.findIndex(beginsReturnedMail);
  const lines = end === -1 ? cut : cut.slice(0, end);
  const inlined = end === -1 || read.original.length > 0 ? [] : fieldsOf(cut.slice(end, end + 400));
  return {
    fields: block.fields.slice(0, mostFields),
    ...(recipient === undefined ? {} : { recipient }),
    ...(sender === undefined ? {} : { sender }),
    lines,
    pairs: pairsOf(lines),
    reports: read.reports,
    original: read.original.length > 0 ? read.original : inlined,
    verp: (address) => verpMember(address, options),
    steps,
  };
};

/** The first field of a name, decoded and cut; empty when there is none. */
export const headerOf = (fields: readonly HeaderField[], key: string): string => {
  const field = fields.find((one) => one.key === key);
  return field === undefined ? '' : decoded({ ...field, raw: field.raw.subarray(0, 8192) }).slice(0, 2000);
};

/** A line with the one behind it, as sentences are wrapped; the line alone before a blank one. */
export const withNext = ({ lines, pairs }: Pick<BounceMail, 'lines' | 'pairs'>, index: number): string =>
  pairs[index + 1]?.text ?? (lines[index] ?? '').trim();
