import { decoded, type HeaderBlock, unfolded } from '../mail/header-block.ts';

/** The value of a field without comments and parameters, in lower case. */
const word = (value: string): string =>
  value
    .replace(/\([^()]*\)/g, '')
    .replace(/;.*$/s, '')
    .trim()
    .toLowerCase();

// The fourth is no list's: programs that answer by themselves put it there.
const bulk: ReadonlySet<string> = new Set(['bulk', 'junk', 'list', 'auto_reply']);

const isSet = (value: string): boolean => word(value) !== 'no';

/**
 * The fields by which automatic mail is known, each with when it says so (design, rule 11; RFC 3834, section 2). Exchange marks its notices of absence by
 * asking that they are not answered ([MS-OXCMAIL], section 2.2.3.2.14); other machines use fields of their own.
 */
const marks: Readonly<Record<string, (value: string) => boolean>> = {
  'auto-submitted': isSet,
  precedence: (value) => bulk.has(word(value)),
  'content-type': (value) => word(value) === 'multipart/report',
  'x-autoreply': isSet,
  'x-autoreply-from': () => true,
  'x-auto-reply': isSet,
  'x-autorespond': () => true,
  'x-autoresponder': () => true,
  'x-auto-response-suppress': (value) => /\b(?:all|oof|autoreply)\b/i.test(value),
  'x-mail-autoreply': isSet,
  'x-mail-autoresponder': isSet,
  'list-id': () => true,
  'return-path': (value) => /^<\s*>$/.test(value),
  'x-failed-recipients': () => true,
};

/**
 * How notices of absence, and reports that name what they report, begin their subjects. Gateways lose the fields above; and nobody who confirms
 * writes this before the subject.
 */
const ofAbsence = [
  'auto(?:matic|mated)?[- ]?(?:reply|response|answer|antwort|svar)',
  'out of (?:the )?office(?: (?:auto[- ]?)?reply)?',
  'ooo|vacation(?: reply| notice)?',
  'automatische antwort|abwesen(?:heits(?:notiz|nachricht|benachrichtigung|assistent)|d)',
  "réponse automatique(?: d['’]absence du bureau)?|(?:notification d['’])?absence(?: du bureau)?",
  'respuesta automática(?: de ausencia)?|fuera de (?:la )?oficina',
  'risposta automatica|fuori sede',
  'automatisch antwoord|afwezig(?:heid)?',
  'resposta automática|ausência temporária',
  'automati(?:skt|sk) svar|frånvaro(?:meddelande|anmälan)?|fraværende?',
  'automaattinen vastaus|poissaoloilmoitus',
  'odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź',
  'automatick(?:á odpověď|á odpoveď)|automatikus válasz|răspuns automat|otomatik yanıt',
  'αυτόματη απάντηση|автоматический ответ|автоответ|автоматична відповідь',
  'trả lời tự động|자동 (?:회신|응답)|自動(?:応答|返信|回[覆复])|自动(?:答复|回复)',
].join('|');

const ofReports =
  'undeliver(?:able|ed mail)|delivery status notification|mail delivery (?:failed|failure)|failure notice|returned mail|unzustellbar|read:|gelesen:|not read:';

const subjects = new RegExp(`^\\s*(?:(?:${ofAbsence})\\s*[:：(]|(?:${ofReports}))`, 'iu');

const isAutomaticSubject = (mail: HeaderBlock): boolean => {
  const subject = mail.fields.find(({ key }) => key === 'subject');
  return subject !== undefined && subjects.test(decoded(subject));
};

/**
 * Why a mail is automatic, in a sentence; undefined when a person may have written it. Automatic mail commands nothing and uses up no
 * token: the vacation notice of a moderator must not discard a post.
 */
export const automaticBy = (mail: HeaderBlock, envelopeSender: string): string | undefined => {
  if (envelopeSender === '') return 'It came from the null sender.';
  if (/^mailer-daemon@/i.test(envelopeSender)) return 'It came from a mail server.';
  const mark = mail.fields.find((field) => {
    const says = Object.hasOwn(marks, field.key) ? marks[field.key] : undefined;
    return says?.(unfolded(field)) === true;
  });
  if (mark !== undefined) return `Its ${mark.name} says that a machine wrote it.`;
  return isAutomaticSubject(mail) ? 'Its subject says that a machine wrote it.' : undefined;
};
