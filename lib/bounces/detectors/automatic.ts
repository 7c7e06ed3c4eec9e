import type { NoBounceReason } from '../bounce.ts';
import { type BounceMail, headerOf, withNext } from '../bounce-mail.ts';
import type { Detector } from '../detector.ts';
import {
  failureSentence,
  hasFailureSubject,
  isFromMailer,
  isNamedMailer,
  subjectOf,
} from '../failure-words.ts';

type Judge = (mail: BounceMail, subject: string) => boolean;

const has = (mail: BounceMail, ...keys: readonly string[]): boolean =>
  mail.fields.some(({ key }) => keys.includes(key));

const textHas = (mail: BounceMail, pattern: RegExp, most = 40): boolean => {
  mail.steps.add(Math.min(most, mail.lines.length));
  return mail.lines.slice(0, most).some((line, index) => line !== '' && pattern.test(withNext(mail, index)));
};

// An answer keeps the subject behind its own words, so these stand at the beginning, in the languages of mail programs.
const away =
  /^(?:re: ?|aw: ?|sv: ?|r: ?|fwd?: ?|\[[^\]]*\] ?)*(?:out[- ]?of[- ]?(?:the[- ])?office|\(?ooo\b|away from|i am away|i'm away|on vacation|vacation|holiday|on leave|annual leave|parental leave|maternity leave|abwesen|ich bin (?:\S+ )?nicht|nicht im (?:büro|hause)|außer haus|urlaub|absence|absent|en congés?|congés?\b|réponse automatique d'absence|message d'absence|fuera de (?:la )?oficina|ausente|ausencia|vacaciones|de vacaciones|fuori (?:sede|ufficio)|assen(?:za|te)|in ferie|ferie\b|ausência|fora do escrit[óo]rio|férias|afwezig|niet aanwezig|frånvaro|frånvarande|fravær|poissa|poza biurem|nieobecno|mimo kancelář|нет на месте|в отпуске|отсутств|вне офиса|不在|休暇|休假|外出|不在办公室|부재중)/i;
const answer =
  /^(?:re: ?|aw: ?|\[[^\]]*\] ?)*(?:auto(?:matic|mated|matisierte|matische)?[- _]?(?:reply|response|respon[ds]er?|answer|acknowledg\w*|antwort|e-?mail)\b|auto: |autoreply|autoresponse|automatische? (?:antwort|beantwoording)|automatisch(?:e|es|er)? (?:antwort|antwoord|mail)|eingangsbestätigung|empfangsbestätigung ihrer|réponse automatique|accusé de réception|respuesta automática|contestación automática|risposta automatica|resposta automática|automatiskt svar|autosvar|automatisk svar|automaattinen vastaus|otomatik yan[ıi]t|automatische? afwezigheid|automatický odgovor|automatsk[ai] odgovor|răspuns automat|automatikus válasz|αυτόματη απάντηση|автоматична відповідь|תשובה אוטומטית|رد تلقائي|odpowiedź automatyczna|automatická odpověď|автоответ|автоматический ответ|自動(?:返信|応答)|自动(?:回复|答复)|自動回覆|자동 ?(?:회신|응답)|thank you for (?:your (?:e-?mail|message|inquiry|mail)|contacting)|thanks for (?:your (?:e-?mail|message)|contacting)|we (?:have )?received your|your (?:e-?mail|message|request|ticket|inquiry) (?:has been |was )(?:received|registered|logged)|\[?(?:ticket|case|request)[ #:\]]|i(?:'ve| have) (?:moved|left|changed)|change of (?:e-?mail )?address|new e-?mail address|neue (?:e-?mail-?)?adresse|receipt of your)/i;
const challenge =
  /(?:please |)(?:confirm (?:your |that you |you (?:are|sent) |the )(?:message|e-?mail|mail|identity|are human|delivery|sent)|verif(?:y|ication) (?:required|your (?:e-?mail|message|identity)|of your (?:message|e-?mail))|authenticate your (?:message|e-?mail)|your (?:message|e-?mail|mail) (?:to .{1,80} )?(?:requires|needs|awaits|is awaiting|is waiting for|is being held for|has been held) (?:\S+ )?(?:confirmation|verification|authori[sz]ation|approval by)|action required to deliver|your message (?:has been )?quarantined pending|challenge[- ]response|\[challenge\]|sender verification|bestätigen sie ihre nachricht|antispam uol|boxbe|spam ?arrest|tmda|qconfirm|choicemail|bluebottle|mailblocks|knowspam|vanquish|sanebox|mailinblack|confirmez? (?:votre|l'envoi)|authentification (?:de votre|requise))/i;
const challengeHeaders = [
  'x-tmda-fingerprint',
  'x-ask-version',
  'x-ask-auth',
  'x-boxbe-message',
  'x-spamarrest',
  'x-challenge',
  'x-qconfirm',
];
const virus =
  /(?:virus|worm|trojan|malware|infect\w*|infiziert\w*|banned (?:file|contents?)|(?:dangerous|blocked) (?:attachment|file))/i;
const virusText =
  /(?:virus|worm|trojan|malware) (?:\S+ ){0,6}(?:found|detect(?:ed|or)|removed|alert|warning|checker|scan\w*|was|in (?:your|an?|the)|entdeckt|gefunden|trouvé|detectad|rilevat)|(?:contains?|contained|containing|infected (?:with|by)|found|detected|enthält|contient) (?:\S+ ){0,6}(?:virus|worm|trojan|malware)|violated? (?:\S+ )?(?:virus|file) (?:rule|policy|filter)/i;
const subscription =
  /^(?:re: ?)?(?:confirm [0-9a-f]{12,}|(?:please )?confirm (?:your )?(?:\S+ ){0,2}(?:subscription|registration|unsubscription|membership|request)|your confirmation is (?:required|needed)|confirmation (?:required|needed|instructions)|subscription (?:confirm|request|to)|welcome to|you have (?:been )?(?:un)?subscribed|unsubscrib\w* (?:request|from|confirm)|anmeldung|bitte bestätigen sie ihre|confirmation (?:d'|de (?:votre )?)(?:inscription|abonnement)|confirme (?:su|sua) (?:suscripción|inscrição|assinatura)|conferma (?:la tua )?iscrizione|.{0,60}(?:un)?subscri(?:be|ption) (?:notification|results))/i;
const receipt =
  /^(?:read(?: receipt)?: |not read: |return receipt|read receipt|gelesen: |ungelesen gelöscht: |lesebestätigung|lu ?: |non lu ?: |accusé de lecture|leído: |confirmación de lectura|letto: |conferma di lettura|lida: |confirmação de leitura|gelezen: |läst: |læst: |lest: |luettu: |прочитано: |уведомление о прочтении|開封済み|已读: ?|既読|message read|disposition notification|delivered: |zugestellt: |relayed: |weitergeleitet: |remis ?: |entregado: |consegnato: |entregue: |доставлено: )/i;
const successText =
  /(?:has been|was|were) (?:successfully )?(?:delivered|relayed)\b|successfully (?:delivered|relayed)|successful(?:ly)? (?:mail )?delivery|delivery (?:to the following recipients? )?(?:was |is )?(?:complete|successful)|wurde (?:erfolgreich )?(?:zugestellt|übermittelt)|a été (?:remis|distribué|délivré)|(?<!no )se ha entregado|(?<!no )ha sido entregado|è stato (?:recapitato|consegnato)|foi entregue|доставлено|配信されました|已成功|delivery notification: delivery has been successful/i;

const dispositionIsReceipt: Judge = (mail) =>
  mail.reports.some(({ type }) => type === 'disposition-notification') ||
  /report-type\s*=\s*"?disposition-notification/i.test(headerOf(mail.fields, 'content-type'));

const autoHeaders: Judge = (mail) =>
  has(
    mail,
    'x-autoreply',
    'x-autorespond',
    'x-autoresponder',
    'x-autoreply-from',
    'x-mail-autoreply',
    'x-auto-reply',
    'x-vacation',
    'x-autogenerated-reply',
    'x-ms-exchange-inbox-rules-loop',
  ) ||
  /auto[-_ ]?(?:reply|response|replied)/i.test(
    `${headerOf(mail.fields, 'precedence')} ${headerOf(mail.fields, 'x-precedence')}`,
  ) ||
  /auto ?(?:responder|reply)|vacation/i.test(
    `${headerOf(mail.fields, 'x-post-messageclass')} ${headerOf(mail.fields, 'delivered-by-the-graces-of')} ${headerOf(mail.fields, 'x-mailer')}`,
  );

const autoReplied: Judge = (mail) =>
  /^auto-(?:replied|generated)/i.test(headerOf(mail.fields, 'auto-submitted').trim());

// RFC 7489, section 7.2.1.1, and RFC 8460, section 5.3: what servers tell once a day of SPF, DKIM, DMARC and TLS.
const aggregate = /^\s*report domain:\s*\S+/i;
const successSubject =
  /^(?:successful(?:ly)? (?:mail )?deliver(?:y|ed)|delivery (?:status )?notification \((?:success|relay(?:ed)?|expanded|delivered)\)|mail delivery status report$|message (?:was )?(?:successfully )?delivered\b|(?:mail )?delivery (?:report: )?succe(?:ss|eded))/i;

// What Postfix (notify_classes), Exim (freeze_tell) and readers of logs tell a postmaster of sessions and messages of others.
const postmasterNotice =
  /^postfix smtp (?:server|client): errors? (?:from|with) |^message \S{10,40} (?:has been )?frozen\b|^logwatch for |\bmail statistics for\b|^postfix log summar|^exim statistics|^(?:daily|weekly|monthly) (?:\S+ )?(?:mail|e-?mail|smtp|postfix|exim) (?:server )?(?:report|summary|statistics)\b/i;

/** What a mail is that is no bounce, in this order; the first that is true is said. */
const judges: readonly (readonly [NoBounceReason, Judge])[] = [
  ['authentication-report', (mail) => textHas(mail, /^feedback-type:\s*(?:auth-failure|dmarc)/i, 80)],
  ['authentication-report', (_, subject) => aggregate.test(subject) && /submitter:/i.test(subject)],
  ['success-report', (mail) => isFromMailer(mail) && textHas(mail, successText, 12) && !saysFailure(mail)],
  ['success-report', (mail, subject) => successSubject.test(subject) && textHas(mail, successText)],
  ['postmaster-notice', (_, subject) => postmasterNotice.test(subject)],
  ['read-receipt', (mail, subject) => dispositionIsReceipt(mail, subject)],
  ['out-of-office', (mail, subject) => away.test(subject) && !isNamedReport(mail)],
  ['auto-reply', (mail, subject) => answer.test(subject) && !isNamedReport(mail)],
  [
    'challenge',
    (mail, subject) => challenge.test(subject) && textHas(mail, challengeText) && !isNamedMailer(mail),
  ],
  ['subscription', (_, subject) => subscription.test(subject)],
  [
    'challenge',
    (mail, subject) =>
      has(mail, ...challengeHeaders) ||
      (challenge.test(`${subject}\n${headerOf(mail.fields, 'from')}`) && !hasFailureSubject(mail)),
  ],
  [
    'read-receipt',
    (_, subject) =>
      receipt.test(subject) &&
      !/^(?:delivered|relayed|zugestellt|weitergeleitet|remis|entregado|consegnato|entregue|доставлено) ?:/i.test(
        subject,
      ),
  ],
  [
    'success-report',
    (mail, subject) => (receipt.test(subject) || textHas(mail, successText, 12)) && !saysFailure(mail),
  ],
  [
    'virus-warning',
    (mail, subject) =>
      (virus.test(subject) || virus.test(headerOf(mail.fields, 'from'))) && textHas(mail, virusText),
  ],
  ['virus-warning', (mail) => textHas(mail, virusText, 15) && !hasFailureSubject(mail)],
  ['out-of-office', (mail) => autoHeaders(mail, '') && textHas(mail, awayText) && !isReport(mail)],
  ['auto-reply', (mail) => autoHeaders(mail, '') && !isReport(mail)],
  ['challenge', (mail) => textHas(mail, challengeText) && !hasFailureSubject(mail)],
  ['out-of-office', (mail) => autoReplied(mail, '') && textHas(mail, awayText) && !hasFailureSubject(mail)],
  ['auto-reply', (mail) => autoReplied(mail, '') && !hasFailureSubject(mail) && !isNamedMailer(mail)],
  [
    'list-mail',
    (mail) =>
      has(mail, 'list-id', 'list-post') &&
      /^(?:list|bulk)$/i.test(headerOf(mail.fields, 'precedence').trim()) &&
      !isFromMailer(mail) &&
      !hasFailureSubject(mail) &&
      !saysFailure(mail),
  ],
];

const awayText =
  /out of (?:the )?office|on (?:vacation|holiday|leave)|(?:i am|i'm|i will be) (?:currently )?(?:away|out|travel|absent)|limited access to (?:my )?e-?mail|nicht im (?:büro|hause)|im urlaub|abwesend|absent|en congé|fuera de la oficina|de vacaciones|fuori ufficio|in ferie|fora do escritório|de férias|в отпуске|не в офисе|不在|休暇|休假/i;
const challengeText =
  /(?:click|reply|follow|visit|respond).{0,120}(?:to (?:confirm|verify|authenticate|prove|release|deliver)|confirm(?:ation)? (?:link|that you))|(?:approved|guest|white) ?list.{0,60}(?:sender|protect)|to (?:have|get) your (?:message|e-?mail) delivered|prove (?:that )?you(?:'re| are) (?:a )?human|one-time (?:confirmation|verification)/i;

/** Postfix says with a success that there may be "notifications of mail delivery errors" from others. */
const foretells = /notifications? of (?:mail )?delivery (?:errors|failures)/i;

const saysFailure = (mail: BounceMail): boolean => {
  mail.steps.add(Math.min(40, mail.lines.length));
  return mail.lines.slice(0, 40).some((line, index) => {
    if (line === '') return false;
    const text = withNext(mail, index);
    return failureSentence.test(text) && !foretells.test(text);
  });
};

/** Whether a mail is from a carrier of mail and has the subject of a report: such a subject may quote any words of the returned mail. */
const isReport = (mail: BounceMail): boolean => isFromMailer(mail) && hasFailureSubject(mail);

/** The same of one whose From says so: programs that answer leave the sender of the envelope empty as well. */
const isNamedReport = (mail: BounceMail): boolean => isNamedMailer(mail) && hasFailureSubject(mail);

/** Mail that nobody wrote and that is no bounce; the guard before the detectors that read sentences. */
export const automatic: Detector = {
  name: 'automatic',
  detect: (mail) => {
    const subject = subjectOf(mail);
    const judged = judges.find(([, judge]) => judge(mail, subject));
    return judged === undefined ? undefined : { noBounce: judged[0] };
  },
};
