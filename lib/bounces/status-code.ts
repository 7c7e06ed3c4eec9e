// RFC 3463, section 2: class, subject and detail, the last two of up to three digits. Neither part of a longer number, as in an IP address.
const enhanced = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)/;
const afterReply = /(?<!\d)[245]\d\d[ -]#?([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)/;
// A reply of SMTP stands at the beginning of what a server said.
const reply =
  /(?:^|said:? ?|says:? ?|error:? ?|code:? ?|response:? ?|replied:? ?|returned:? ?|with:? ?|<<< ?|[:>([#"'] ?)([45][0-5]\d)(?=[ \-)\]"'#:.,;]|$)/i;

/** The code in what a server said: the enhanced one, or else the reply code of SMTP. */
export const codeIn = (text: string): string | undefined =>
  (afterReply.exec(text) ?? enhanced.exec(text) ?? reply.exec(text))?.[1];

/** 2, 4 or 5: the class of a code of either kind (RFC 3463, section 3.1; RFC 5321, section 4.2.1). */
export const classOf = (code: string | undefined): string | undefined => code?.slice(0, 1);
