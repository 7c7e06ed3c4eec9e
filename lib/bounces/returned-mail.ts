/**
 * Where a report ends and the mail that it returns begins, in a report that is one text. What a mail says of itself must never be taken for what the
 * reporter says of it: lists carry bounces that people ask about.
 */

// A line of dashes, pipes, equals signs or stars with words in it, which announce the mail.
const ruled =
  /^[\s>]*[-=|*_#+]{2,}.{0,40}?(?:original (?:e-?mail |mail )?(?:message|mail|header)|copy of (?:the|your|this) (?:original )?(?:message|mail|e-mail|header)|returned (?:message|mail)|unsent (?:message|mail)|(?:message|mail) (?:header|text|body)s?\b|headers? of (?:the|your|this)|body of (?:the|your) |source mail|forwarded message|undelivered (?:message|mail) (?:follow|header)|message follows|non-?delivered message|start of (?:returned|original|message)|rejected message|original mail info|ursprüngliche|originalnachricht|message (?:d'origine|original)|mensaje original|mensagem original|messaggio originale|исходн|копия|原始|元の|オリジナル)/i;

// The same without a rule.
const announced =
  /^[\s>]*(?:(?:-+ ?)?below (?:this|the next) line|(?:here is|below is|following is|included is|attached is|this is|and here is)? ?(?:a |the )?copy of (?:the|your) (?:\S+ )?(?:message|mail|e-mail|header)|(?:the |your )?original (?:message|mail|e-?mail)(?: \S+)? ?(?:follows|headers?|text|is (?:attached|included)|below|attached)\b|message headers? follows?|headers? of (?:the|your) (?:original|message)|here is your returned mail|your message reads|(?:the )?(?:returned|undelivered|rejected|failed|unsent|bounced) (?:message|mail|e-?mail)(?: \S+)? (?:follows|is attached below)|(?:the )?header of the original message|old message:|message (?:text )?follows:?\s*$|the message (?:header|text|body)s? (?:is|are|follow)|(?:the )?(?:start|beginning) of your message|original message details|en-têtes (?:du|de) message d'origine|kopfzeilen der (?:ursprünglichen )?nachricht|ursprüngliche nachrichtenkopfzeilen|ursprüngliche nachricht(?:enkopf)?|encabezados de mensajes? original|encabezados del mensaje original|intestazioni (?:originali|del messaggio originale)|cabeçalhos (?:de|da) mensagem original|исходные заголовки|заголовки исходного|原始邮件头|元のメッセージ ?ヘッダー|-+ ?ниже этой линии)/i;

// Nobody announces it: fields that only a mail on its way has.
const fields =
  /^(?:received:\s+(?:from|by|\()|return-path:\s*<|x-original-to:\s|dkim-signature:\s|arc-seal:\s|delivered-to:\s|content-type:\s*(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers?)\s*(?:;|$))/i;

/** Whether at this line of a report the returned mail begins. */
export const beginsReturnedMail = (line: string): boolean =>
  ruled.test(line) || announced.test(line) || fields.test(line);
