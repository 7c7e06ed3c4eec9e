import { type HeaderBlock, unfolded } from '../mail/header-block.ts';

/** Whether a mail may be answered by a machine; if not, why, in a sentence for the log. */
export type MayAnswer = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** The envelope of a mail, and whom an answer would go to. */
export interface AnswerEnvelope {
  /** The empty text is the null sender. */
  readonly sender: string;
  /** Whom the answer would go to; empty when the mail names nobody. */
  readonly to: string;
  /** Whether an address is one of this site's own: a list, a sub-address of one, the no-reply address of a domain. */
  readonly isOurs: (address: string) => boolean;
}

/** The value of a field in lower case, without what follows a semicolon and without comments. */
const keyword = (value: string): string =>
  value
    .replace(/\([^()]*\)/g, '')
    .replace(/;.*$/s, '')
    .trim()
    .toLowerCase();

const bulkPrecedences: ReadonlySet<string> = new Set(['bulk', 'junk', 'list', 'auto_reply']);

/**
 * The fields that say that a machine wrote a mail, or that nobody wants an answer, each with when it says so: Mailman's
 * (mailman-behaviour.md, sections 7 and 26, item 3), and those of RFC 3834, section 2, and of the great mail programs.
 */
const marks: readonly {
  readonly says: string;
  readonly key: RegExp;
  readonly when: (value: string) => boolean;
}[] = [
  { says: 'Auto-Submitted', key: /^auto-submitted$/, when: (value) => keyword(value) !== 'no' },
  { says: 'Precedence', key: /^precedence$/, when: (value) => bulkPrecedences.has(keyword(value)) },
  { says: 'X-Ack', key: /^x-ack$/, when: (value) => keyword(value) === 'no' },
  { says: 'X-No-Ack', key: /^x-no-ack$/, when: () => true },
  { says: 'a header of a mailing list', key: /^list-/, when: () => true },
  { says: 'an empty Return-Path', key: /^return-path$/, when: (value) => /^<\s*>$/.test(value) },
  // Microsoft's [MS-OXCMAIL], section 2.2.3.2.14: a list of kinds of answers that are not wanted, or None.
  {
    says: 'X-Auto-Response-Suppress',
    key: /^x-auto-response-suppress$/,
    when: (value) => keyword(value) !== 'none',
  },
  {
    says: 'X-Autoreply',
    key: /^x-auto-?repl(y|ied)$|^x-autorespond$/,
    when: (value) => keyword(value) !== 'no',
  },
  {
    says: 'a report as its content',
    key: /^content-type$/,
    when: (value) => keyword(value) === 'multipart/report',
  },
];

/** What in a header block says that the mail is automatic or wants no answer; undefined when nothing does. */
const automaticMark = (mail: HeaderBlock): string | undefined => {
  for (const field of mail.fields) {
    const mark = marks.find(({ key, when }) => key.test(field.key) && when(unfolded(field)));
    if (mark !== undefined) return mark.says;
  }
  return undefined;
};

const no = (why: string): MayAnswer => ({ ok: false, why });

/**
 * Whether a machine may answer a mail. Answers to machines make loops, and answers to forged senders hit people who have never
 * written (RFC 3834, section 2).
 */
export const mayBeAnswered = (mail: HeaderBlock, { sender, to, isOurs }: AnswerEnvelope): MayAnswer => {
  if (to === '') return no('It names no sender.');
  if (sender === '') return no('It came from the null sender.');
  if ([sender, to].some(isOurs)) return no('Its sender is an address of this site.');
  if ([sender, to].some((address) => /^mailer-daemon@/i.test(address))) {
    return no('Its sender is a mail server.');
  }
  const mark = automaticMark(mail);
  return mark === undefined ? { ok: true } : no(`It has ${mark}.`);
};
