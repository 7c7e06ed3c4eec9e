import { type AddressInText, addressesInText } from '../addresses-in-text.ts';
import { asides, isRole } from '../asides.ts';
import { type BounceMail, headerOf, withNext } from '../bounce-mail.ts';
import { type Detector, detectedIf, type Found } from '../detector.ts';
import { diagnosticAt, saysWhy } from '../diagnostic.ts';
import { failureSentence, hasFailureSubject, isNamedMailer } from '../failure-words.ts';
import { ownAddresses } from '../own-addresses.ts';

/** Whether a line has nothing but addresses. */
const isOnlyAddresses = (line: string, all: readonly AddressInText[]): boolean => {
  let rest = line;
  for (const { from, to } of all.toReversed()) rest = rest.slice(0, from) + rest.slice(to);
  return /^[\s>*•·|\-"'<([{#=.,:;)\]}]*$/.test(rest);
};

const toLine = /^[\s>*]*(?:to|an|à|para|a|кому|宛先|收件人|cc)\s*[:：]/i;
// What a server says of the address in the same line.
const verdict =
  /(?:^|[^\d.])[45]\d\d[ -]|[245]\.\d{1,3}\.\d{1,3}|rcpt to|unknown|not found|not exist|not listed|rejected|quota|full\b|undeliverable|failed/i;
// As Postfix, qmail and those who follow them list a recipient; who cuts a report to this leaves the subject to tell what it is.
const listed = /^\s{0,4}<[^<>\s@]{1,128}@[^<>\s]{4,255}>\s?:(?:\s|$)/;

interface Candidate extends Found {
  readonly weight: number;
  /** Whether it stands in or behind the first sentence of failure. */
  readonly late: boolean;
}

/**
 * How much speaks for an address in its line: 3 alone or with a verdict, 2 in the sentence of failure or in brackets, 1 in a line `To:`. Somewhere in a text
 * whose language nobody knows it is 0.5, which counts where there is no other.
 */
const weigh = (line: string, from: number, to: number, inSentence: boolean): number => {
  const before = line.slice(0, from);
  const after = line.slice(to);
  if (toLine.test(before)) return 1;
  if (/^[\s>*•·|\-"'<([{#=.:;,]*$/.test(before) && /^[\s>)\]"'},.;:]*$/.test(after)) return 3;
  if (verdict.test(line)) return 3;
  if (/^[\s>*•·|\-"'<([{#=.:;,]*$/.test(before)) return 3;
  // A label in any language, and nothing else.
  if (/^[\s>*]*\p{L}[\p{L}() -]{0,30}[:：]\s*<?$/u.test(before) && /^[\s>.]*$/.test(after)) return 2;
  return inSentence ||
    /[<[("]$/.test(before) ||
    /(?:recipient|address|user|to|mailbox)\s*[:=]?\s*[<["'(]*$/i.test(before)
    ? 2
    : 0.5;
};

const candidates = (mail: BounceMail): readonly Candidate[] => {
  const { lines } = mail;
  const isOwn = ownAddresses(mail, { alsoTo: true });
  const found = new Map<string, Candidate>();
  let open = hasFailureSubject(mail);
  let late = false;
  for (const [index, line] of lines.entries()) {
    const inSentence = failureSentence.test(mail.pairs[index]?.text ?? line);
    if (inSentence) open = true;
    // The line before may begin the sentence, and have the address.
    late ||= inSentence || failureSentence.test(mail.pairs[index + 1]?.text ?? '');
    if (!open || !line.includes('@')) continue;
    const all = addressesInText(line);
    const beside = asides(line, all);
    const onlyAddresses = isOnlyAddresses(line, all);
    for (const one of all) {
      const { address, from, to } = one;
      const key = address.toLowerCase();
      if (found.has(key) || isOwn(address) || beside.has(one)) continue;
      if (isRole(address) && !verdict.test(line) && !/^\s*<$/.test(line.slice(0, from))) continue;
      const weight = onlyAddresses ? 3 : weigh(line, from, to, inSentence);
      found.set(key, { address, weight, late, diagnostic: diagnosticAt(mail, index, address) });
    }
  }
  mail.steps.add(lines.length);
  return [...found.values()];
};

/** Some programs name the recipient in the subject alone, as in `Undeliverable: mail to user@example.com`. */
const inSubject = (mail: BounceMail): readonly Candidate[] => {
  if (!hasFailureSubject(mail)) return [];
  const isOwn = ownAddresses(mail, { alsoTo: true });
  return addressesInText(headerOf(mail.fields, 'subject'))
    .filter(({ address }) => !isOwn(address) && !isRole(address))
    .map(({ address }) => ({ address, weight: 1, late: true, diagnostic: '' }));
};

/**
 * A report in any format: a mail from a program, a sentence that says that something was not delivered, and addresses near it. The addresses
 * for which most speaks are taken; those that are only named beside them are not.
 */
export const notice: Detector = {
  name: 'notice',
  detect: (mail) => {
    const fromMailer = isNamedMailer(mail);
    if (!fromMailer && !hasFailureSubject(mail)) return undefined;
    mail.steps.add(mail.lines.length);
    const isReport = fromMailer && hasFailureSubject(mail);
    const says = mail.lines.some(
      (line, index) =>
        (line !== '' && failureSentence.test(withNext(mail, index))) ||
        (isReport && (saysWhy(line) || listed.test(line))),
    );
    if (!says && !isReport) return undefined;
    const inText = candidates(mail);
    const all = inText.length > 0 ? inText : inSubject(mail);
    const most = Math.max(0, ...all.map(({ weight }) => weight));
    // In a language that nobody knows here, one address alone on its line is whom the subject is about.
    if (!says && (all.length > 1 || most < 3)) return undefined;
    if (most < 1 && (!isReport || all.length > 1)) return undefined;
    const best = all.filter(({ weight }) => weight === most);
    // What stands before is a notice of a gateway, unless there is nothing behind.
    const behind = best.filter(({ late }) => late);
    const taken = behind.length > 0 ? behind : best;
    return detectedIf(taken.map(({ weight: _, late: __, ...found }) => found));
  },
};
