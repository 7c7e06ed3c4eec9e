/** Writing what a part holds in the characters that every server carries (RFC 2045, sections 6.7 and 6.8). */

// RFC 2045, sections 6.7 and 6.8: neither quoted-printable nor base64 has lines of more than 76 characters.
const longestEncodedLine = 76;

/** Bytes as base64, in lines that each end with CRLF. */
export const base64Lines = (bytes: Buffer): string =>
  (bytes.toString('base64').match(new RegExp(`.{1,${longestEncodedLine}}`, 'g')) ?? [])
    .map((line) => `${line}\r\n`)
    .join('');

const escaped = (byte: number): string => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** One line as quoted-printable; blanks at its end are encoded, because some servers take them away. */
const quotedLine = (line: Buffer): string => {
  const lines: string[] = [];
  let current = '';
  for (const [index, byte] of line.entries()) {
    const blank = byte === 0x20 || byte === 0x09;
    const plain = (byte > 0x20 && byte < 0x7f && byte !== 0x3d) || (blank && index < line.length - 1);
    const piece = plain ? String.fromCharCode(byte) : escaped(byte);
    // The `=` that joins two lines counts as well.
    if (current.length + piece.length > longestEncodedLine - 1) {
      lines.push(`${current}=`);
      current = '';
    }
    current += piece;
  }
  return [...lines, current].join('\r\n');
};

/** The bytes of a text with CRLF line ends as quoted-printable. */
export const quotedPrintable = (text: Buffer): string =>
  text
    .toString('latin1')
    .split('\r\n')
    .map((line) => quotedLine(Buffer.from(line, 'latin1')))
    .join('\r\n');
