import type { AddressInText } from './addresses-in-text.ts';

// Lines that name somebody whom the mail is not about.
const aside =
  /^\s*(?:from|von|de|da|от|sender|reply-to|subject|betreff|objet|asunto|oggetto|assunto|тема|message-?id|references|in-reply-to|date|sent|cc|mail from|envelope-from|return-path|x-\S+|received|list-\S+|差出人|件名|发件人|寄件者|主题|absender|expéditeur|remitente|mittente|remetente|afzender|отправитель|보낸 ?사람|제목|postmaster|administrator|support|help ?desk|help|hilfe|hotline|ansprechpartner)\s*[:：=]|contact|assistance|further help|for (?:more )?(?:help|information)|questions?\b|e-?mail us|\breport (?:what|this|it|any|all|suspicious|spam|abuse|phishing)\b.{1,60}\bto\b|\bconfidential|received (?:it|this)(?: \S+){0,2} in error|please (?:send|e-?mail|write|forward|reply|notify|report|call|try)|reply to|send mail to|\bwrite to\b|schreiben sie|écrivez|escriba|scrivete|support@|help@|helpdesk|abuse@|postmaster@|mailer-daemon@|webmaster@|hostmaster@|noreply@|no-reply@|feel this message|if you (?:feel|believe|think|have|do)|sent (?:by|from)|mail you sent from|message-id|\bfrom:|mail from:|kontakt|wenden sie sich|contacter|veuillez|sollicit|póngase|contatt|обрат/i;
// Right before it: who wrote or refused the mail.
const origin = /\b(?:from|by|via|von|sender|absender|expéditeur|remitente|mittente)\s*[:=]?\s*[<"'(]*$/i;
// Between two addresses that stand for the same thing.
const alike = /^[\s>"')\]]*(?:,|;|\/|or|and|oder|und|ou|et|o|y|e)?[\s<"'([]*$/i;

/** Those of the addresses of a line that it only names beside what it is about: told by the words before each, and by the one that it is listed with. */
export const asides = (line: string, all: readonly AddressInText[]): ReadonlySet<AddressInText> => {
  const found = new Set<AddressInText>();
  if (/^\s*(?:message-?id|references|in-reply-to)\s*:/i.test(line)) return new Set(all);
  let last: AddressInText | undefined;
  for (const one of all) {
    const before = line.slice(last?.to ?? 0, one.from);
    const listed = last !== undefined && alike.test(before);
    if (listed ? last !== undefined && found.has(last) : aside.test(before) || origin.test(before))
      found.add(one);
    last = one;
  }
  return found;
};

const roles =
  /^(?:postmaster|mailer-daemon|abuse|hostmaster|webmaster|noreply|no-reply|donotreply|root|mailadmin|helpdesk|servicedesk|security|it-?security|legal|compliance|privacy|spam|support|help|admin|administrator)$/i;

/** Whether an address is that of an office, which a report names for help. */
export const isRole = (address: string): boolean => roles.test(address.slice(0, address.lastIndexOf('@')));
