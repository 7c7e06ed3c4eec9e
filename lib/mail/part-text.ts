import { textIn } from './charsets.ts';
import type { MimePart } from './mime-parts.ts';

/** The bytes of a quoted-printable text (RFC 2045, section 6.7); what is no escape stays. */
const fromQuotedPrintable = (body: Buffer): Buffer =>
  Buffer.from(
    body
      .toString('latin1')
      .replace(/=[ \t]*\r?\n/g, '')
      .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** The bytes of a part without its transfer encoding, from at most so many bytes of it. */
export const decodedBytes = ({ encoding, body }: MimePart, most = body.length): Buffer => {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1', 0, most * 2), 'base64');
  if (encoding === 'quoted-printable') return fromQuotedPrintable(body.subarray(0, most * 3));
  return body.subarray(0, most);
};

/** The text of a part, at most so many characters of it, with line ends as line feeds. */
export const partText = (part: MimePart, most: number): string => {
  // A character takes at most four bytes, and what is searched is at the top.
  const bytes = decodedBytes(part, most).subarray(0, most);
  return textIn(part.charset, bytes, bytes.length === most)
    .slice(0, most)
    .replace(/\r\n?/g, '\n');
};
