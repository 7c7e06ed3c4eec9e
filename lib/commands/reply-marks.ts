/** Words that programs put before the name or the date of what is answered, at the beginning of a line, in many languages. */
const opening =
  /^(?:on|am|le|el|în|στις|il|op|em|a|den|på|pe|w dniu|dnia|dne|kl|vào|v|em|den|tarihinde|в|пн|вт|ср|чт|пт|сб|вс|於|于|在|mon|tue|wed|thu|fri|sat|sun|\d{1,4}[-./年 ])/iu;

/**
 * That somebody wrote, in the languages of the great mail programs; in Russian, Japanese and others Gmail has no such word. Of two words the second may stand on
 * a line of its own.
 */
const wrote =
  /(?:\b(?:wrote|writes|schrieb|schreef|escribió|escribio|escreveu|skrev|kirjoitti|napisał|napisała|napisał\(a\)|pisze|napsal|napsal\(a\)|írta|ezt írta|scrisse|yazdı|viết|a scris|je napisal)|(?:^|a )écrit|(?:^|ha )scritto|^scris|(?:^|va )escriure|написал|пише|пишет|έγραψε|写道|寫道|のメッセージ|書きました|작성)/iu;

const address = /<?[^\s<>]+@[^\s<>]+>?/;

/** What programs put under the text by themselves, without the mark of a signature. */
const advertisement =
  /^(?:sent (?:from|via|with|using) |get (?:outlook|bluemail|yahoo) |von meinem .{1,60} gesendet|von .{1,40} gesendet$|gesendet (?:von|mit|über) |envoyé (?:de|depuis|à partir|avec) |télécharge[rz] outlook|enviado (?:desde|do|da|a partir|con|com) |obtener outlook|inviato d|ottieni outlook|verzonden (?:vanaf|met|van|vanuit) |skickat från |sendt fra |lähetetty |wysłan[eo] z |odesláno z|küldve |iphone(?:'umdan|から)|отправлено (?:с|из) |发自|從我的|从我的|나의 iphone|outlook (?:für|for|pour) (?:ios|android)|yahoo mail|diese nachricht wurde (?:von|mit) )/iu;

/** The first field of the header that Outlook and others put above what they quote without marks. */
const quotedHeader =
  /^\*?(?:from|von|de|da|van|od|от|från|fra|lähettäjä|gönderen|feladó|kimden|expéditeur|差出人|发件人|寄件者|보낸 사람|sent|gesendet|envoyé|enviado|datum|date)\s?\*?\s?[:：]/iu;

/** Whether a line ends what the writer of a mail has written: what follows is a signature, or what is answered. */
const ends = (line: string): boolean =>
  /^--[ \t]*$/.test(line) ||
  /^[_=*~]{8,}$/.test(line) ||
  // -----Original Message-----, in any language.
  /^-{2,}[^-].*[^-]-{2,}$/.test(line) ||
  advertisement.test(line) ||
  quotedHeader.test(line);

/** Whether a line ends with the words that stand above a quoted mail: `On ..., Anne wrote:`. */
const endsAttribution = (line: string): boolean =>
  line.length < 500 && /[:：]\s*$/.test(line) && (wrote.test(line) || address.test(line));

/** Programs wrap the words above a quoted mail over three lines at most. */
const mostWrapped = 2;

/**
 * Where the writer's own words end in the lines of a mail: at a signature, at what a phone adds, or at the words above what is quoted, in whatever language.
 * The number of lines when nothing follows.
 */
export const ownWordsEnd = (lines: readonly string[]): number => {
  const at = lines.findIndex((line) => ends(line.trim()) || endsAttribution(line.trim()));
  if (at === -1) return lines.length;
  if (ends(lines[at]?.trim() ?? '')) return at;
  // Words that are wrapped begin some lines before the one by which they are known.
  for (let before = Math.max(0, at - mostWrapped); before < at; before += 1) {
    const line = lines[before]?.trim() ?? '';
    if (opening.test(line) && /\d/.test(line)) return before;
  }
  return at;
};
