import { decoded, type HeaderBlock } from '../mail/header-block.ts';

/** What programs of many languages put before the subject of what is answered or forwarded, the names of lists in brackets, and the marks of filters. */
const prefix =
  /^\s*(?:(?:re|aw|sv|vs|antw|antwort|wg|fwd?|tr|rif|r|i|rv|res|enc|odp|pd|ynt|ilt|réf|rép|ref|rep|at|doorst|vl|vb|vá|απ|πρθ|ha|hov|ots|atb|转发|轉寄|回复|答复|回覆|답장|전달|отв|на|пер|ответ)\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3})?\s*[:：]|\[[^\]]{1,60}\]|\*{2,8}[^*]{1,40}\*{2,8}|\{[^}]{1,40}\}|spam\s*:)\s*/iu;

/** How many such prefixes are taken away; nobody answers more often. */
const mostPrefixes = 30;

/** The Subject of a mail as a line of commands: decoded, without what stands before it in an answer, and in ASCII, as Mailman reads it. */
export const subjectText = (mail: HeaderBlock): string => {
  const field = mail.fields.find(({ key }) => key === 'subject');
  let text =
    field === undefined
      ? ''
      : decoded(field)
          .slice(0, 1000)
          .replace(/\p{Cf}/gu, '');
  for (let count = 0; count < mostPrefixes; count += 1) {
    const shorter = text.replace(prefix, '');
    if (shorter === text) break;
    text = shorter;
  }
  return text
    .replace(/[\p{Zs}\p{Cc}]+/gu, ' ')
    .replace(/[^\u0020-\u007e]+/g, '')
    .trim();
};
