import { type BounceMail, headerOf } from './bounce-mail.ts';
import { delayLabel } from './delay.ts';

/**
 * The sentences in which programs say that a mail did not arrive, in the languages that MTAs are translated into. Any of them, in a mail from a program, is
 * the beginning of a report; the addresses follow, or stand in the sentence itself.
 */
const sentences: readonly string[] = [
  // English
  "(?:could|can) ?(?:not|n't|n`t|n’t) (?:be )?(?:deliver(?:ed)?|sen[dt]|reach(?:ed)?|process(?:ed)?|forward(?:ed)?|relay(?:ed)?|route(?:d)?)",
  "(?:could|can)(?:not|n't|n’t) be (?:found|reached|delivered|sent|processed|completed)",
  'cannot (?:be )?(?:deliver(?:ed)?|sen[dt]|reach(?:ed)?)',
  "(?:was|were|has|have|is|are)(?: \\S+)? ?(?:not|n't|n’t)(?: yet)?(?: been)?(?: \\S+)? (?:delivered|sent|accepted|received|deliverable)",
  "(?:did|does) (?:not|NOT) (?:reach|receive|get)|didn(?:'|’)t (?:reach|receive)",
  'unable to (?:\\S+ )?(?:deliver|send|transfer|relay|complete|process)',
  "(?:wasn(?:'|’)t|was not|not) able to (?:deliver|send|establish|be delivered)",
  'del[ie]very (?:\\S+ ){0,5}(?:failed|failure|fails|aborted|unsuccessful|impossible|problem|error|been delayed|is delayed|delayed)',
  'del[ie]very to the following',
  'fail(?:ed|ure|s)? (?:to|in|during) (?:\\S+ )?(?:deliver|send|relay|transmit|reach)',
  'failed (?:recipient|address|to (?:the|these|this))',
  '(?:following|these) (?:\\S+ ){0,2}(?:address(?:es)?|recipient(?:\\(s\\)|s)?|address\\(es\\)|user(?:s|\\(s\\))?|destinations?)(?: \\S+){0,5} (?:failed|failure|had (?!success)|rejected|were|was|not|could|errors?|problems?|invalid|unknown)\\b',
  'undeliver(?:able|ed)|non-?deliver(?:y|able|ed)|not deliverable|undelivrable',
  '(?:message|mail|e-mail)(?: \\S+){0,4} (?:(?:been|was|is being|being) (?:returned|rejected|refused|bounced|blocked|undeliverable)|failed\\b)',
  'returned (?:mail|to (?:the )?sender)|returning (?:message|mail|your)|mail returned',
  'permanent (?:fatal )?(?:delivery )?(?:error|failure)|permanent fatal|fatal delivery',
  '(?:user|recipient|mailbox|address|account)(?: \\S+){0,4} (?:unknown|does not exist|not found|is full|over quota|unavailable|disabled|invalid)',
  '(?:unknown|invalid|no such|undeliverable) (?:user|recipient|mailbox|address|account|host)',
  'not yet been delivered|still undelivered|been (?:delayed|postponed|deferred)|delivery delay',
  'rejected by|rejected the (?:mail|message|recipient|address)|rejected for|message blocked|address not found|recipient inbox full',
  'mail(?:er)? (?:delivery )?error|delivery (?:error|failure|problem|report)|error (?:occurred )?(?:while|when|during|trying|in) (?:\\S+ )?(?:deliver|send|process)',
  'had (?:\\S+ ){0,3}(?:trouble|problems?) (?:delivering|sending)|encountered (?:delivery|an? )',
  'no longer (?:exists|valid|active|in service)|quota exceeded|exceed(?:s|ed|ing) (?:\\S+ ){0,3}quota',
  // German
  'nicht (?:\\S+ ){0,4}(?:zugestellt|ausgeliefert|übermittelt|erreicht|versendet|gesendet|weitergeleitet|zustellbar)',
  'unzustellbar|zustellung (?:\\S+ ){0,6}(?:fehlgeschlagen|gescheitert|nicht|verzögert|fehler)|fehler bei der (?:zustellung|übermittlung)|konnte(?:n)? (?:\\S+ ){0,8}nicht',
  'bei der zustellung|ist ein fehler|nachricht wurde abgelehnt|noch nicht zugestellt|zustellfehler|fehlgeschlagen',
  // French
  "n[’'](?:a|ont|est|était|ait) (?:pas |pu |encore |toujours )+(?:pu |été )?(?:être |etre )?(?:\\S+ )?(?:remis|délivr|delivr|distribu|transmis|envoy|livr|achemin)",
  "(?:n[’']a pas pu (?:être|etre)|ne peut (?:pas )?(?:être|etre)|impossible de (?:remettre|délivrer|livrer|distribuer|transmettre)|échec de (?:la )?(?:remise|livraison|distribution)|la remise a échoué|non[ -]remis(?:e)?|non[ -](?:délivr|distribu)|remise (?:\\S+ ){0,4}(?:échoué|impossible|retard))",
  "n[’']est pas (?:parvenu|arrivé)|n[’']a pas (?:été )?(?:reçu|atteint|abouti)|adresse introuvable|message bloqué",
  // Spanish
  '(?:no (?:se )?(?:ha )?(?:pud[oe]|podido|puede|fue|ha sido|es posible)(?: \\S+){0,4} (?:entreg|envi|ser)|no (?:se )?(?:ha |han )?(?:sido )?entreg|error (?:de|en la) entrega|imposible entregar|no se ha podido|no pudo (?:ser )?entreg|entrega (?:\\S+ ){0,4}(?:fallida|error|fall|retras)|no entregad)',
  // Portuguese
  '(?:n[ãa]o (?:foi|p[ôo]de|pode|p[ôo]de ser|foram)(?: \\S+){0,4} (?:entreg|envi|poss[íi]vel)|falha (?:na|de|ao) (?:entreg|envi)|n[ãa]o entreg|erro na entrega)',
  // Italian
  "(?:non (?:è stato|e' stato|è|[èe] possibile|può|ha potuto|si è)(?: \\S+){0,4} (?:recapit|consegn|inviat|possibile|raggiun)|impossibile (?:recapitare|consegnare|inviare)|mancat[oa] (?:recapito|consegna)|recapito (?:\\S+ ){0,4}(?:non|fallit)|non recapitabil|mancata? )",
  // Dutch, Swedish, Danish, Norwegian, Finnish, Polish, Czech, Hungarian, Turkish
  'niet (?:\\S+ ){0,3}(?:bezorgd|afgeleverd|worden|besteld)|onbestelbaar|aflevering (?:\\S+ ){0,3}mislukt|bezorging',
  'kunde inte (?:\\S+ ){0,2}(?:levereras|skickas)|gick inte att leverera|inte leverera|kunne ikke (?:\\S+ ){0,2}(?:leveres|sendes)|ikke leveres|olevererbar|ei voitu toimittaa|toimittaminen (?:\\S+ ){0,3}epäonnistui',
  'nie (?:\\S+ ){0,3}(?:dostarczon|doręczon|dostarczy)|niedostarczon|niedoręczon|nelze doručit|(?:nepodařilo|nebylo možné|nepodarilo(?: sa)?|nebolo možné) (?:\\S+ )?doruči|nije (?:\\S+ )?isporučen|neb(?:yl|ol)[aoiy]? (?:\\S+ )?doručen|nedoručiteln|nem (?:\\S+ ){0,2}kézbesít|kézbesíthetetlen|teslim edile?me|iletilemedi|gönderilemedi',
  'levererades inte|inte (?:kunnat |har )?leverer|(?:blev|ble|er) ikke (?:\\S+ )?(?:leveret|levert|afleveret|sendt)|ei (?:\\S+ )?toimitettu',
  // Delays, as Exchange tells them
  '(?:zustellung|übermittlung|entrega|recapito|consegna|remise|livraison|leverans|levering|bezorging|dostarcz|doręcz|доставк|传递|傳遞|配信|teslim|전송)\\S*(?: \\S+){0,12} ?\\S{0,4}(?:verzöger|retras|atrasad|ritard|retard|försenad|forsinke|vertraagd|opóźnion|задерж|延迟|延遲|遅延|gecik|지연)|(?:延迟|延遲)(?:传递|傳遞|投递)',
  // Catalan, Romanian, Greek, Vietnamese, Indonesian, Hebrew, Arabic, Thai
  "no s[’']ha (?:pogut )?(?:lliura|envia|entrega)|nu a (?:fost|putut fi) (?:livrat|trimis|expediat)|αποτυχία (?:παράδοσης|αποστολής)|δεν (?:\\S+ ){0,4}(?:παραδ|στάλ|σταλ|αποστ)|αδύνατη η παράδοση",
  'không (?:được|thể) (?:gửi|chuyển|phân phối)|gửi không thành công|tidak (?:terkirim|dapat (?:dikirim|disampaikan|terkirim))|gagal (?:ter)?kirim',
  'לא (?:ניתן (?:היה )?)?(?:נמסר|למסור|נשלח)|(?:لم يتم|تعذر|يتعذر) (?:\\S+ )?(?:تسليم|إرسال)|ไม่ได้ส่งถึง|ไม่สามารถ(?:ส่ง|นำส่ง)|ส่งไม่สำเร็จ',
  // Russian, Ukrainian
  '(?:не (?:\\S+ ){0,4}(?:достав|отправ|удалось|может быть|было достав)|недостав|невозможно (?:\\S+ )?достав|ошибка (?:при )?достав|доставка (?:\\S+ ){0,4}(?:не|невозм))',
  // Japanese, Chinese, Korean
  '配信(?:でき|不能|に失敗|エラー|されませんでした|が遅延)|送信(?:でき|に失敗|エラー)|届(?:け|き|かな)(?:られ|ません|ること|ない|かった)?|お届けでき|配信することができ|配達(?:でき|不能)|不達|エラーメール|受信者に到達',
  '(?:没有|沒有|未)(?:成功)?(?:送达|送達|投递|投遞|发送|到达)|(?:无法|無法|不能|未能)(?:送达|投递|傳送|传送|发送|送達|寄送|投遞|到达|传递)|退信|投递失败|发送失败|传递失败|传送失败|送達失敗|被退回|拒收|배달(?:할 수 없|되지|하지 못)|(?:전송|송신|발송|배달|전달)(?:을|이)? ?(?:하지 못|되지 못|되지 않|못 ?했|실패|할 수 없)|전(?:송|달)(?:할 수 없|되지|하지 못|에 실패|실패)',
];

/** A sentence of failure or delay. */
export const failureSentence = new RegExp(sentences.map((one) => `(?:${one})`).join('|'), 'i');

const mailers =
  /^(?:[^<]*[\s<("'])?(?:mailer[-_ ]?daemon|post-?master|mail[-_.]?daemon|daemon|mdaemon|mail[-_.]?deliver\S*|delivery[-_.]?(?:sub)?(?:system|daemon|agent|service|notif\w*|status|report\w*|fail\w*|error\w*|problem\w*)|bounces?|bouncer|mta|mailer|ndr|non-?delivery\S*|majordomo-owner|uucp|smtp\S*|mailsystem|mail-?system|ma[iy]l?error|errors?|undeliver\S*|microsoftexchange\S*|\S*mail_service)@/i;
const mailerNames =
  /mail(?:er)? (?:delivery|transfer|system|router|administrator|daemon|service)|delivery (?:sub)?system|mailer-?daemon|post-?master|system administrator|internet mail|mail-?daemon|message router|mail server|delivery (?:service|agent|notification|status)|e-?mail system|microsoft (?:exchange|outlook)|administrator|mailmarshal|interscan/i;

/** Whether From has the name of a program that carries mail. */
export const isNamedMailer = (mail: BounceMail): boolean => {
  const from = headerOf(mail.fields, 'from').slice(0, 400);
  return mailers.test(from) || mailerNames.test(from) || from.trim() === '' || /^"?[^"]*"?\s*<>$/.test(from);
};

/** Whether a mail says of itself that it comes from a program that carries mail: its sender is the null sender, or From has the name of one. */
export const isFromMailer = (mail: BounceMail): boolean =>
  mail.sender === '' ||
  /^\s*(?:<\s*>|<?mailer-daemon\b)/i.test(headerOf(mail.fields, 'return-path')) ||
  isNamedMailer(mail);

// What gateways put before the subject of all that comes from outside, or looks like spam.
const tags =
  /^(?:\s*(?:[[{(](?:ext(?:ern(?:al|e|o)?)?\b[^\]})]{0,30}|(?:\S+ )?spam\??|bulk|caution|warning|junk|suspicious)[\]})]:?|\*{2,} ?(?:\S+ )?(?:spam|external|bulk|warning)\b ?\*{2,}:?|(?:external|spam\??):))+\s*/i;

/** The subject as it was written, without what gateways put before it. */
export const subjectOf = (mail: BounceMail): string =>
  headerOf(mail.fields, 'subject').replace(/\s+/g, ' ').trim().slice(0, 300).replace(tags, '');

/** Whether a person wrote it, who asks about a report or sends one on: an answer, or the work of a mail program. */
const isFromPerson = (mail: BounceMail): boolean => {
  const has = (key: string): boolean => mail.fields.some((field) => field.key === key);
  const subject = subjectOf(mail);
  return (
    has('user-agent') ||
    /^\s*(?:fwd?|wg|tr|rv|enc|vs|doorst|i) ?:/i.test(subject) ||
    (/^\s*(?:re|aw|sv|antw|r) ?:/i.test(subject) && (has('in-reply-to') || has('references')))
  );
};

// What carriers and shops deliver, or fail to.
const goods =
  /\b(?:parcel|package|shipment|order|invoice|paket|sendung|bestellung|colis|commande|paquete|pedido|envío|pacco|spedizione|pakket|paczka)\b/i;

/** Whether its subject is that of a report, and no person answers to one. */
export const hasFailureSubject = (mail: BounceMail): boolean => {
  const subject = subjectOf(mail);
  if (!isNamedMailer(mail) && (isFromPerson(mail) || goods.test(subject))) return false;
  return (
    failureSentence.test(subject) ||
    delayLabel.test(subject) ||
    /^warning: message \S+ delayed|failure notice|mail error|processing error|delivery (?:status )?notification|\bnondeliver|mail failed|delivery report|message status|\bblocked by\b|\bundeliver|not delivered/i.test(
      subject,
    )
  );
};

/** Whether a mail may be a report for people at all: a program sent it, or its subject is that of one. Whoever quotes a report to ask about it has neither. */
export const isReportLike = (mail: BounceMail): boolean => isFromMailer(mail) || hasFailureSubject(mail);
