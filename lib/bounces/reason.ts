import type { BounceReason } from './bounce.ts';

type Words = readonly (readonly [BounceReason, RegExp])[];

/**
 * Details that no word beside them outweighs: Google writes "the IP address sending this message does not have a PTR record" with 5.7.25, and others a size
 * with 5.2.2. From the IANA registry of enhanced codes (RFC 7372, RFC 7505, RFC 8617), and what Exchange Online says of how much the list or others
 * send: 5.1.90 and 5.2.121 to 5.2.122.
 */
const plainDetails: Readonly<Record<string, BounceReason>> = {
  '1.90': 'blocked',
  '2.2': 'mailbox-full',
  '2.121': 'blocked',
  '2.122': 'blocked',
  '7.20': 'blocked',
  '7.21': 'blocked',
  '7.22': 'blocked',
  '7.23': 'blocked',
  '7.24': 'blocked',
  '7.25': 'blocked',
  '7.26': 'dmarc',
  '7.27': 'policy',
  '7.28': 'blocked',
  '7.29': 'blocked',
};

/** Words that say plainly why, whatever the code beside them. The first that fits wins. */
const plainWords: Words = [
  ['dmarc', /\bdmarc\b|\b5\.7\.26\b|domain-based message authentication/i],
  // Whom the mail came from is at fault, though a domain or an address that was not found is spoken of.
  [
    'policy',
    /\bsender(?:'s)? (?:e-?mail )?(?:address|domain|verif\w+|callout)\b(?: \S+){0,8} (?:rejected|denied|refused|not found|unknown|invalid|fail\w*|does not|not owned)|\b[45]\.1\.8\b|domain of sender/i,
  ],
  // What sends, and how much: the host that was not found is ours, and so is the limit.
  [
    'blocked',
    /\b(?:helo|ehlo)(?: \S+){0,3} (?:rejected|denied|refused)|client host (?:\S+ )?rejected: cannot find|cannot find your (?:reverse )?host ?name|\bptr record|\bno ptr\b|\breverse (?:dns|lookup|host ?name)|\brdns\b|receiving (?:mail|e-?mail|messages) (?:at a rate|too quickly)|\btoo many (?:\S+ )?(?:recipients|commands|errors)\b|\b(?:daily|hourly|per[- ](?:hour|day|minute)) (?:\S+ ){0,2}limit\b/i,
  ],
  // Codes of providers beside words that say nothing: block lists of T-Online, refusals of NetEase (help_spam_16) and of Orange.
  ['blocked', /\bIP=[\da-f.:]+ - |\btosa@rx\.t-online\.de\b/i],
  ['content', /\b5\d\d (?:5\.\d\.\d )?DT:SPM\b|\bOFR_506\b/],
  ['blocked', /\b[45]\d\d (?:[45]\.\d\.\d )?(?:MI|HL|RP|IB):[A-Z]{3}\b/],
  // RFC 5321, section 4.5.3.1.6: a line, not the mail.
  ['content', /\blines? (?:in (?:the )?message )?(?:(?:was|were|is|are) )?too long/i],
  [
    'mailbox-full',
    /error writing message: file too large|over ?quota|quota (?:exceeded|violation|limit)|exceed\w* (?:\S+ ){0,4}(?:quota|storage|mailbox size|mailfolder size)|(?:mail ?box|mail ?folder|inbox|account|storage|disk|postfach)(?: \S+){0,3} (?:is |are )?(?:too )?(?:full|voll)\b|\bfull mailbox|mail ?box ?full|mailboxfull|(?:disk|mail|storage|mailbox) quota|mail ?box size limit|(?:box|disk) space (?:is )?not enough|not enough (?:storage|disk) space|insufficient (?:disk |storage|system storage|space)|too much mail stored|user is over (?:the )?quota|over (?:disk |storage |their |his |its )?quota|quotaexceeded|exceeds? (?:allowed|mailbox) size|boîte pleine|bo[iî]te (?:aux lettres |de réception )?(?:\S+ )?pleine|casella piena|casella (?:\S+ ){0,6}piena|buz[oó]n (?:\S+ ){0,3}lleno|caixa (?:\S+ ){0,5}(?:cheia|lotada)|(?:brevlådan|postlådan|inkorgen|postkassen|innboksen) (?:\S+ ){0,2}(?:full|fuld)|(?:mailbox|postvak|brievenbus) (?:\S+ ){0,3}vol\b|skrzynka (?:\S+ ){0,4}(?:pełna|przepełniona)|schránka (?:\S+ ){0,4}plná|переполнен|ящик полон|メールボックス(?:が|の)?.{0,8}(?:いっぱい|容量|一杯)|(?:邮箱|郵箱).{0,6}(?:已满|已滿|空间不足)|kontingent/i,
  ],
  [
    'too-large',
    /(?:message|mail|e-mail)(?: \S+){0,3} (?:too (?:large|big|long)|exceeds (?:\S+ ){0,4}(?:size|limit))|(?:message|mail) size (?:limit )?(?:exceed|exceeds)|exceeds? (?:\S+ ){0,3}(?:maximum|message) (?:\S+ )?size|max(?:imum)? (?:message|mail) size|size limit exceeded|too (?:big|large) (?:message|mail)|nachricht ist zu groß/i,
  ],
  [
    'loop',
    /too many hops|\bhop count\b|mail loop|mail forwarding loop|loop(?:ing|ed)? (?:detected|back|broken|mail)|loops back to|(?:is|was|message) looping|routing loop|forwarding loop|alias(?:ing)? loop/i,
  ],
  [
    'expired',
    /(?:message|delivery time|queue time|time) (?:has )?expired|(?:too old|too long)\b.{0,30}|(?:been in|on) the queue (?:too long|for)|unable to deliver (?:\S+ ){0,3}(?:for|within|after) \d+|not delivered within|(?:retry|delivery) time ?(?:-?out|limit)? (?:exceeded|expired)|retry timeout exceeded|after \d+ attempt|delivery failed \d+ attempts|was aborted after|retry time not reached for any host|max(?:imum)?\.? (?:retries|attempts)|giving up(?! on \d)|gave up|allowed queue period|cannot send message for \d+|could not (?:send|deliver) (?:message |the message )?(?:for|within) (?:past )?\d+/i,
  ],
  [
    'mailbox-disabled',
    /(?:account|mailbox|user|address|recipient|userid)(?: \S+){0,5} (?:disabled|discontinued|inactive|not activated|suspended|deactivated|closed|locked|expired|not active|temporarily limited|no longer (?:active|in use|available|valid|on server))|disabled (?:user|account|mailbox|recipient)|inactive (?:user|account|mailbox)|suspended (?:user|account|mailbox)|(?:account is (?:currently )?unavailable|\bis (?:now |currently )?disabled)|\bdeactivated\b|postfach (?:ist )?(?:deaktiviert|gesperrt)|заблокирован|отключ[её]н|not taking any|mail(?:box)? (?:receiving )?disabled/i,
  ],
  [
    'user-unknown',
    /(?:user|recipient|address(?:ee|es)?|mailbox|account|alias|userid|receiver|person|(?<!domain )name(?! ?serv| or service)|subscriber)(?:\(s\)|\(es\))?(?: \S+){0,8} (?:unknown|invalid|not (?:found|known|exists?|listed|recogni[sz]ed|valid|have|our customer)|does ?n[o']t (?:exist|have)|doesn'?t (?:exist|have)|do(?:es)? not (?:exist|have)|undeliverable|nonexistent|couldn'?t be found|could not be found|wasn'?t found|isn'?t (?:valid|known))|(?:unknown|invalid|no such|nonexistent|non-existent|illegal|undeliverable|incorrect|unrouteable|bad destination|unrecogni[sz]ed)(?: or \S+)?(?: local| final delivery| destination| email| e-mail| virtual| smtp| recipient)?(?: \S+)? ?(?:user|recipient|address|mailbox|account|addressee|alias|userid|person|receiver)|(?:user|recipient) ?unknown|unknownuser|no (?:mailbox|account|user|one|local user|such person)(?: \S+){0,3} (?:here|by that name|with that name|exists?|found)|no such (?:user|mailbox|person|account|addr)|there is no (?:user|one|such)|not a (?:valid|known|local|registered) (?:\S+ )?(?:user|mailbox|recipient|address)|is (?:unknown|not known) (?:at|on|to|here)\b|\b5\.4\.1\b.{0,80}rejected: access denied|is not one of our|not our (?:customer|user)|not a member here|recipnotfound|no matches to nameserver|address ?(?:error|not found)|not an? (?:\S+ )?e-?mail user|(?:is|are) not valid\b|addr(?:ess)?(?: \S+){0,2} (?:failed|invalid)|does not (?:exist|have a final)|(?:^|\W)delivery to (?:the )?(?:address|recipient) failed|adresse (?:\S+ ){0,3}(?:unbekannt|inconnue|nicht gefunden|introuvable|non trouv)|empfänger (?:\S+ ){0,2}unbekannt|benutzer (?:\S+ ){0,3}unbekannt|existiert nicht|nicht im \S+ (?:aufgelistet|verzeichnet|gefunden|eingetragen)|bestaat niet|finns inte|findes ikke|finnes ikke|eksisterer ikke|nie istnieje|neexistuje|nem létezik|ismeretlen (?:címzett|felhasználó)|ei ole olemassa|tuntematon (?:vastaanottaja|käyttäjä)|ukjent (?:bruker|mottaker)|ukendt (?:bruger|modtager)|okänd (?:användare|mottagare)|(?:alıcı|kullanıcı)(?: \S+){0,2} (?:bulunamadı|bilinmiyor|yok\b)|δεν υπάρχει|άγνωστος (?:χρήστης|παραλήπτης)|nu există|mailbox unavailable or not local|n'existe pas|utilisateur inconnu|destinataire inconnu|usuario (?:desconocido|no existe)|no existe|non esiste|utente sconosciuto|destinatario sconosciuto|usu[aá]rio desconhecido|n[aã]o existe|не существует|не існує|не найден|не знайден|неизвестн|пользователь .{0,20}(?:нет|не)|(?:宛先|ユーザ|メールアドレス|アドレス).{0,20}(?:見つかり|存在し|不明|ありません|登録されていません)|不存在|用户不存在|无此用户|查无此人|无效的?收件人/i,
  ],
  [
    'host-unknown',
    /\bname or service not known|unable to look ?up (?:host|domain)|(?:unknown|no such|invalid|nonexistent|bad) (?:host|domain|mail ?host|domain name|system)|(?:host|domain|hostname|domain name)(?: \S+){0,6} (?:unknown|not found|(?:does|did) ?n[o']t (?:exist|resolve)|doesn'?t exist|couldn'?t be found|was not found|has no (?:mail|mx)|not known|invalid)|name (?:service|server|resolution|lookup) (?:error|failure|failed)|nxdomain|null ?mx|does not accept (?:any )?mail(?! from)|host or domain name not found|no (?:mx|a) (?:record|or)|mx (?:lookup|record) (?:fail|error|not)|could ?n[o']t find any host|bad destination (?:system|mailbox|host)|dns (?:error|failure|lookup)|no mail ?(?:host|server found)|could not find a gateway|domain (?:\S+ )?nicht gefunden|unrouteable (?:mail )?domain/i,
  ],
];

/** Words that tell why when no code says it better. */
const weakWords: Words = [
  [
    'blocked',
    /\bspam\b|sender policy framework|black ?list|block ?list|block(?:ed|ing)\b|\brbl\b|dnsbl|spamhaus|spamcop|barracuda|reputation|\bbanned\b|bulk e?-?mail|unsolicited|listed (?:at|in|on|by)|poor reputation|\bspf\b|not accept(?:ing)? mail from|refused by (?:local|blacklist)|sender (?:\S+ )?(?:rejected|denied|refused)|client host (?:\S+ )?(?:rejected|denied)|greylist|rate limit|too many (?:connections|messages)|dkim/i,
  ],
  [
    'content',
    /\bvirus|malware|infected|attachment|\bcontent\b|prohibited|message (?:was )?(?:rejected|refused) (?:by|due|because)|forbidden (?:file|word)|suspicious|8-bit|mime (?:error|header)|phishing/i,
  ],
  [
    'no-route',
    /did not accept our requests? to connect|connection (?:timed out|refused|reset|failed|dropped|lost)|connect(?:ion)? (?:to|with) .{1,80}(?:time|refused|fail|no route)|no route|unreachable|(?:host|server|computer)(?: \S+){0,4} (?:not responding|is not reachable|not reachable|unavailable|down)|no answer|unable to (?:connect|transfer|contact)|can(?:'?t|not) connect|could ?n[o']t connect|wasn'?t able to establish|unable to establish|timed? ?out|timeout|bad connection|server (?:unavailable|busy)|network (?:error|problem|unreachable)|lost connection|did not respond|not respond/i,
  ],
  [
    'user-unknown',
    /(?:recipient|address|user|mailbox)(?: address| name)? (?:was |is |has been )?rejected\b/i,
  ],
  [
    'policy',
    /relay(?:ing)?(?: access)?(?: \S+)? (?:denied|not|prohibited|for)|unable to relay|not permitted|access denied|permission denied|polic(?:y|ies)|administrative(?:ly)? prohibit|not authori[sz]ed|authentication required|restricted|denied|not allowed|refused/i,
  ],
  ['mailbox-disabled', /mailbox (?:\S+ )?(?:unavailable|not available)|account (?:\S+ )?unavailable/i],
];

/** RFC 3463, section 3.2 and after: the details that say why by themselves; the class does not matter. */
const details: Readonly<Record<string, BounceReason>> = {
  '1.1': 'user-unknown',
  '1.2': 'host-unknown',
  '1.3': 'user-unknown',
  '1.4': 'user-unknown',
  '1.6': 'user-unknown',
  '1.8': 'policy',
  // RFC 7505, section 4.1: the domain takes no mail.
  '1.10': 'host-unknown',
  '2.1': 'mailbox-disabled',
  '2.3': 'too-large',
  '3.1': 'mailbox-full',
  '3.4': 'too-large',
  '4.1': 'no-route',
  '4.2': 'no-route',
  '4.3': 'no-route',
  '4.4': 'no-route',
  '4.5': 'no-route',
  '4.6': 'loop',
  '4.7': 'expired',
};

/** RFC 3463, section 3: what a subject is about when its detail says nothing. */
const subjects: Readonly<Record<string, BounceReason>> = {
  '1': 'user-unknown',
  '2': 'mailbox-disabled',
  '4': 'no-route',
  '6': 'content',
  '7': 'blocked',
};

// RFC 5321, section 4.2.2 and 4.2.3; 552 is of the mailbox where it answers RCPT, which is where it is seen.
const replies: Readonly<Record<string, BounceReason>> = {
  '421': 'no-route',
  '450': 'mailbox-disabled',
  '452': 'mailbox-full',
  '550': 'user-unknown',
  '551': 'user-unknown',
  '552': 'mailbox-full',
  '553': 'user-unknown',
};

const wordsIn = (words: Words, text: string): BounceReason | undefined =>
  words.find(([, pattern]) => pattern.test(text))?.[0];

// A reason is in the first words of a server, and patterns with gaps are not for long texts.
const longest = 600;

/** Why a mail was not delivered, by the code and by the words of the server. */
export const reasonOf = (code: string | undefined, said: string): BounceReason => {
  const text = said.slice(0, longest);
  const [, subject = '', detail = ''] = code?.split('.') ?? [];
  const key = `${subject}.${detail}`;
  return (
    plainDetails[key] ??
    wordsIn(plainWords, text) ??
    details[key] ??
    wordsIn(weakWords, text) ??
    subjects[subject] ??
    (code === undefined ? undefined : replies[code]) ??
    'other'
  );
};
