import { isAscii } from 'node:buffer';
import { base64Lines, quotedPrintable } from '../mail/transfer-encodings.ts';

/** How the bytes of a part are made fit for the way (RFC 2045, section 6). */
export type TransferEncoding = '7bit' | '8bit' | 'quoted-printable' | 'base64';

/** A part of a mail: what its headers say of it, and its bytes. */
export interface Part {
  /** The value of Content-Type. */
  readonly type: string;
  readonly encoding: TransferEncoding;
  readonly body: Buffer;
}

// RFC 5322, section 2.1.1: no line of a mail has more than 998 characters.
const longestLine = 998;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these have no place in a text (RFC 2046, section 4.1.2).
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The shortest transfer encoding that can carry a text: most of Europe's texts stay legible, Japan's do not grow threefold. */
const encoded = (text: string): { readonly encoding: TransferEncoding; readonly body: string } => {
  const bytes = Buffer.from(text);
  const short = text.split('\r\n').every((line) => line.length <= longestLine);
  if (isAscii(bytes) && short) return { encoding: '7bit', body: text };
  const quoted = quotedPrintable(bytes);
  const packed = base64Lines(bytes);
  return quoted.length <= packed.length
    ? { encoding: 'quoted-printable', body: quoted }
    : { encoding: 'base64', body: packed };
};

/** A text in any language as a part of a mail. */
export const textPart = (text: string): Part => {
  const clean = text
    .toWellFormed()
    .replace(/\r\n|\r|\n/g, '\r\n')
    .replace(controls, '');
  const { encoding, body } = encoded(clean.endsWith('\r\n') || clean === '' ? clean : `${clean}\r\n`);
  const charset = isAscii(Buffer.from(clean)) ? 'us-ascii' : 'utf-8';
  return {
    type: `text/plain; charset=${charset}`,
    encoding,
    body: Buffer.from(body, 'latin1'),
  };
};

/**
 * A mail as a part of another, its bytes as they are: a message/rfc822 must not be encoded (RFC 2046, section 5.2.1), so it is
 * 8bit when it has such bytes. The site's relay is known to take that.
 */
export const mailPart = (mail: Buffer): Part => ({
  type: 'message/rfc822',
  encoding: isAscii(mail) ? '7bit' : '8bit',
  body: mail,
});
