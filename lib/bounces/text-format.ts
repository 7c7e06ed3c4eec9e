import { addressesInText } from './addresses-in-text.ts';
import { asides } from './asides.ts';
import type { BounceKind } from './bounce.ts';
import { type BounceMail, headerOf } from './bounce-mail.ts';
import { type Detector, detectedIf, type Found } from './detector.ts';
import { diagnosticAt } from './diagnostic.ts';
import { hasFailureSubject, isNamedMailer } from './failure-words.ts';
import { ownAddresses } from './own-addresses.ts';

/** A format of reports for people: the line after which the addresses come, the line before which they end, and how an address stands there. */
export interface TextFormat {
  readonly name: string;
  /** What From, Subject and X-Mailer, a line each, must have. */
  readonly head?: RegExp;
  /** May begin on one line and end on the next. The rest of its line is looked at as well. */
  readonly start: RegExp;
  /** Where nothing is given, the addresses end with the report. */
  readonly end?: RegExp;
  /**
   * How an address stands in its line: at its beginning, but for blanks, bullets and a label; anywhere; or where this pattern captures a text
   * with it.
   */
  readonly take: 'lead' | 'any' | RegExp;
  /** Where nothing is given, the words of the report tell. */
  readonly kind?: BounceKind;
}

const leading =
  /^[\s>*|•·–—+\-"'‘“«<([{=#.;:,]*(?:\d{1,3}[.)]\s*)?(?:[\p{L}. -]{1,40}[:;=]\s*[<["'(]*(?:(?:smtp|rfc822|mailto)[:;=]\s*[<["'(]*)?)?(?:"[^"]{0,80}"\s*)?<?$/iu;
// A label that names somebody else.
const others =
  /(?:from|sender|reply|subject|message-id|date|cc|contact|postmaster|administrator|support|help|von|absender|betreff|expéditeur|de|da|remitente|asunto|mittente|assunto|remetente|от|тема)\s*[:;=]/i;

/** The addresses of a line, as a format has them. */
const taken = (line: string, take: TextFormat['take']): readonly string[] => {
  if (take === 'any') {
    const all = addressesInText(line);
    const beside = asides(line, all);
    return all.filter((one) => !beside.has(one)).map(({ address }) => address);
  }
  if (take === 'lead') {
    const first = addressesInText(line)[0];
    if (first === undefined) return [];
    const before = line.slice(0, first.from);
    return leading.test(before) && !others.test(before) ? [first.address] : [];
  }
  const captured = take
    .exec(line)
    ?.slice(1)
    .find((group) => group !== undefined);
  const first = captured === undefined ? undefined : addressesInText(captured)[0];
  return first === undefined ? [] : [first.address];
};

/** Whether a pattern is found in a line, or over the end of the line before it; and where it ends in this line. */
export const endOfMatch = (
  { lines, pairs }: Pick<BounceMail, 'lines' | 'pairs'>,
  index: number,
  pattern: RegExp,
): number => {
  const line = lines[index] ?? '';
  const here = line === '' ? null : pattern.exec(line);
  if (here !== null) return here.index + here[0].length;
  const pair = pairs[index];
  const both = pair === undefined ? null : pattern.exec(pair.text);
  if (pair === undefined || both === null) return -1;
  const end = both.index + both[0].length - pair.seam;
  // A match within the line before alone was a match there already.
  return end <= 0 ? -1 : end + line.length - line.trimStart().length;
};

/** From, Subject and X-Mailer of a mail. */
const headOf = (mail: BounceMail): string =>
  ['from', 'subject', 'x-mailer'].map((key) => headerOf(mail.fields, key)).join('\n');

const findIn = (mail: BounceMail, format: TextFormat): readonly Found[] => {
  if (format.head !== undefined && !format.head.test(headOf(mail))) return [];
  const { lines } = mail;
  let isOwn: ((address: string) => boolean) | undefined;
  let isReport: boolean | undefined;
  const found = new Map<string, Found>();
  let open = false;
  for (const [index, line] of lines.entries()) {
    const begins = endOfMatch(mail, index, format.start);
    const rest = begins === -1 ? line : line.slice(begins);
    if (begins !== -1) {
      // Nobody but a program, or the subject of a report: people at the same providers write such words too.
      isReport ??= isNamedMailer(mail) || hasFailureSubject(mail);
      if (!isReport) return [];
      open = true;
    }
    if (begins === -1 && open && format.end?.test(line) === true) open = false;
    if (!open) continue;
    // A pattern of its own may look at the words of the start too.
    const looked = format.take instanceof RegExp ? line : rest;
    for (const address of taken(looked, format.take)) {
      const key = address.toLowerCase();
      // Read when it is needed: most formats find nothing in most mails.
      isOwn ??= ownAddresses(mail);
      if (found.has(key) || isOwn(address)) continue;
      const diagnostic = diagnosticAt(mail, index, address);
      found.set(key, { address, diagnostic, ...(format.kind === undefined ? {} : { kind: format.kind }) });
    }
  }
  mail.steps.add(2 * lines.length);
  return [...found.values()];
};

/** The detector of a format. */
export const textDetector = (format: TextFormat): Detector => ({
  name: format.name,
  detect: (mail) => detectedIf(findIn(mail, format)),
});
