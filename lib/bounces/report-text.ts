import { textIn } from '../mail/charsets.ts';

// RFC 2152: characters in UTF-16 between a plus and a minus, in base64 without padding; a plus is `+-`. Exchange 2000 and 2003 write all their reports so.
const shifted = /\+([A-Za-z0-9+/]*)-/g;

/** One character has sixteen bits, so what is over at the end of the last one is nothing. */
const fromBase64 = (text: string): string | undefined => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < 2 || (text.length * 6) % 16 >= 6) return undefined;
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return Buffer.from(even).swap16().toString('utf16le');
};

const fromUtf7 = (text: string): string =>
  text.replace(shifted, (whole, base64: string) => (base64 === '' ? '+' : (fromBase64(base64) ?? whole)));

// RFC 1468: Japanese begins with an escape; programs that name no charset, or name ASCII, write it as well.
const japanese = ['\u001b$B', '\u001b$@'];

// Microsoft's numbers of code pages, of which the Encoding Standard knows only those for alphabets.
const codePages: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
};

/** The text of a report: also in the charsets that Node does not know, and that programs forget to name. */
export const reportText = (charset: string, bytes: Buffer, isCut: boolean): string => {
  const text = textIn(codePages[charset] ?? charset, bytes, isCut);
  if (/utf-7$/.test(charset)) return fromUtf7(text);
  return (charset === '' || charset === 'us-ascii') && japanese.some((mark) => text.includes(mark))
    ? textIn('iso-2022-jp', bytes)
    : text;
};
