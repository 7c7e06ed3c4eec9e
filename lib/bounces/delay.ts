import { type BounceMail, headerOf, withNext } from './bounce-mail.ts';

/** Who says so is not done with it. */
const goesOn =
  /this is (?:just |only )?a warning|warning (?:message )?only|(?:will|shall) (?:be retried|be tried again|continue (?:trying|to (?:try|attempt|deliver))|keep trying|be reattempted)|attempts? will continue|(?:do not|don't) need to resend|advisory[- ]only|more delivery attempts|will retry|(?:is|are|being) (?:re)?tried again|(?:retry|try|trying|retrying) again (?:in|at) \d|next (?:delivery )?(?:attempt|retry)\b/i;

/** The subject of such a report, in the languages of Exchange; its text may well speak of what happens when it fails for good. */
const delaySubject =
  /\(delay(?:ed)?\)|^(?:delivery |message |mail )?(?:is )?delayed\b|\bdelivery delayed\b(?! too)|delayed mail|verz(?:ö|oe)gert|retardée?\b|retrasad|ritardat|atrasad|vertraagd|försenad|fördröj|forsinke|viiväst|opóźnion|zpožd|gecik|задерж|отлож|遅延|延迟|延遲|지연/i;

/** The same where it is all that stands before the colon and the subject of the mail, as Exchange writes it. */
export const delayLabel =
  /^(?:delayed|verz(?:ö|oe)gert|retardée?|retrasado|ritardato|atrasad[ao]|vertraagd|försenad|fördröjd|forsinket|viivästynyt|opóźniono|zpožděno|gecik\S*|задержано|отложено|遅延|延迟|延遲|지연\S*)\s*[:：]/i;

const waits =
  /this is (?:just |only )?a warning|warning (?:message )?only|not yet been delivered|not yet delivered|(?:has|have) been (?:delayed|postponed|deferred)|delivery (?:is |was |has been |)(?:delayed|incomplete)|delayed (?:mail|message|delivery)|message (?:is )?(?:delayed|still undelivered)|\(delay\)|delay (?:notification|notice|reason)|delivery delay|(?:will|shall) (?:be retried|be tried again|continue (?:trying|to|for)|retry|keep trying|try again (?:for|until|later)|be reattempted)|(?:delivery )?attempts? will continue|still (?:being retried|trying|in (?:the |our )?(?:mail )?queue|awaiting|undelivered|attempting)|could not send message for past|advisory[- ]only|(?:do not|don't) need to resend|more delivery attempts|will be (?:attempted|delivered) (?:again|as soon)|temporary problem delivering|wird (?:weiter(?:hin)?|erneut|noch) |(?:noch|bisher) nicht zugestellt|weitere zustellversuche|verz(?:ö|oe)ger|retard(?:é|ée)?\b|se ha retrasado|demorad|ritardat|atrasad|retrasad|задерж|отложен|遅延|遅れて|延迟|延遲|지연|vertraagd|försenad|forsinke|opóźnion|gecik|再送(?:中|し(?:ます|てい|続け)|を(?:試み|続け|行))/i;

/** And who says so, is. */
const hasGivenUp =
  /permanent(?:ly)? (?:fatal |delivery )?(?:error|failure|fail)|fail(?:ed|ure) permanently|(?:have|has|i've|we've) given up|giving up|gave up|no further (?:delivery )?attempts|no more attempts|(?:will|going to) not (?:be retried|continue trying|try again|retry)|(?:won't|not going to) (?:try|be retried|retry)/i;

const over =
  /permanent(?:ly)? (?:fatal |delivery )?(?:error|failure|fail)|fail(?:ed|ure) permanently|giv(?:en|ing) up|gave up|no further (?:delivery )?attempts|no more attempts|(?:will|going to) not (?:be retried|be delivered|continue trying|try again|retry)|(?:won't|not going to) (?:try|be retried|retry)|returned to sender|has been returned|(?:was|has been) (?:removed|rejected)|\(failure\)|delivery (?:has )?failed|could not be delivered within|undeliverable|unzustellbar|endgültig|définitiv|permanente|окончательн/i;

/** Whether a report only says that delivery takes time; who says that will try again, and tells when it gives up. */
export const isDelay = (mail: BounceMail): boolean => {
  mail.steps.add(mail.lines.length);
  const subject = headerOf(mail.fields, 'subject');
  const text = mail.lines.slice(0, 200);
  // Sentences are wrapped: two lines are looked at together.
  const says = (pattern: RegExp): boolean =>
    pattern.test(subject) || text.some((line, index) => line !== '' && pattern.test(withNext(mail, index)));
  if (delaySubject.test(subject) || says(goesOn)) return !says(hasGivenUp);
  return says(waits) && !says(over);
};
