import { addressesInText } from './addresses-in-text.ts';
import { type BounceMail, headerOf } from './bounce-mail.ts';
import { hasFailureSubject, isFromMailer, isNamedMailer, subjectOf } from './failure-words.ts';

// What programs, machines and offices are called that report for a carrier of mail, in the name of From or before its at sign.
const machines =
  /mail|mta\b|smtp|post-?(?:office|bote?|verwaltung)|gate-?way|server|serveur|servidor|syst[eè]m|sistema|router|daemon|agent\b|attendant|robot|filter|anti-?(?:spam|virus|gen)|spam|scan|secur|admin|\broot\b|no[-_. ]?reply|do[-_. ]?not[-_. ]?reply|notif|auto|bounce|deliver|return|exchange|domino|groupwise|lotus|messag|messaggi|certificata|correo|correio|poczt|пошт|почт|сервер|систем|достав|系统|系統|邮件|郵件|メール|配信|메일|시스템/i;

const has = (mail: BounceMail, ...keys: readonly string[]): boolean =>
  mail.fields.some(({ key }) => keys.includes(key));

/** Whether the envelope is known to have a sender, as mail of people has; reports have the null sender (RFC 3464, section 2). */
const hasSender = ({ sender, fields }: BounceMail): boolean =>
  sender === undefined ? /<?[^<>\s]+@/.test(headerOf(fields, 'return-path')) : sender !== '';

/** Whether From gives a person's name, or a firm's: neither is there no name at all, nor is it that of a machine. */
const namesSomebody = (mail: BounceMail): boolean => {
  const from = headerOf(mail.fields, 'from').slice(0, 400);
  if (machines.test(from.replace(/@[^\s<>()]*/, ''))) return false;
  return /[^\s"<>]/.test(from.replace(/<[^<>]*>|\S+@\S+/g, ''));
};

const listKeys = ['list-id', 'list-unsubscribe', 'list-post'];

/** Whether a list sent it, and another one than that to whose bounce address it came: gateways keep the fields of the mail that they return. */
const isOfOtherList = ({ fields, recipient }: BounceMail): boolean => {
  const named = fields
    .filter(({ key }) => listKeys.includes(key))
    .map((field) => headerOf([field], field.key));
  const to = addressesInText(recipient ?? headerOf(fields, 'to')).map(({ address }) => address);
  const names = to.map((address) => address.replace(/(?:-bounces)?(?:\+[^@]*)?@.*$/, '').toLowerCase());
  return named.length > 0 && !named.some((value) => names.some((name) => value.toLowerCase().includes(name)));
};

// A program speaks of "your message", in words of its own; people quote, and speak of theirs.
const persons = /^\s?>.*@|\b(?:my|meine?) (?:e-?mails?|mails?|messages?|nachricht(?:en)?)\b/i;

/** Whether a person tells of a report, as those do who ask what it means. */
const isTold = (mail: BounceMail): boolean => {
  mail.steps.add(mail.lines.length);
  return mail.lines.some((line) => persons.test(line));
};

/** A subject of a desk that numbers what it is sent. */
const ticket = /^\[(?:[^\]]{0,30}#|(?:ticket|case|request|vorgang|anfrage)[ :#-]*)\d+\]/i;

/** Whether a mail, whose From has the name of a program, is an answer that a person wrote in that name. */
const isAnswer = (mail: BounceMail): boolean =>
  hasSender(mail) &&
  has(mail, 'in-reply-to') &&
  !has(mail, 'auto-submitted') &&
  mail.original.length === 0 &&
  /^(?:re|aw|sv|antw|r) ?:/i.test(subjectOf(mail));

/**
 * Whether who sent a mail may be believed that somebody else did not get another one, where it only says so in words. People, desks and newsletters
 * quote reports, and parcels are undeliverable too: what they say must cost nobody a point.
 */
export const isReporter = (mail: BounceMail): boolean => {
  if (isNamedMailer(mail)) return !isAnswer(mail);
  const returns = mail.original.length > 0 || mail.reports.length > 0;
  if (isOfOtherList(mail) && !returns) return false;
  if (ticket.test(subjectOf(mail))) return false;
  if (isFromMailer(mail)) return true;
  if (isTold(mail)) return false;
  return hasFailureSubject(mail) && (!namesSomebody(mail) || (returns && !hasSender(mail)));
};
