import { fieldFrom, type HeaderBlock, type HeaderField } from '../../mail/header-block.ts';
import { applyEdits, hasField, replace } from '../../mail/header-edits.ts';
import { type MimePart, mimeParts } from '../../mail/mime-parts.ts';
import { decodedBytes } from '../../mail/part-text.ts';
import { base64Lines, quotedPrintable } from '../../mail/transfer-encodings.ts';
import { hasLongLine } from '../line-length.ts';
import type { CopyStep } from './copy-step.ts';

const known: ReadonlySet<string> = new Set(['', '7bit', '8bit', 'binary', 'quoted-printable', 'base64']);

/** A multipart and a mail within a mail must not be encoded (RFC 2045, section 6.4); their parts are. */
const isLeaf = ({ type }: MimePart): boolean =>
  !type.startsWith('multipart/') && !type.startsWith('message/');

/**
 * The parts that have too long a line and may be encoded anew. What is signed is left as it is: a changed part would look forged, and the mail
 * is refused instead (decision 26).
 */
const longParts = (mail: HeaderBlock): readonly MimePart[] => {
  const found: MimePart[] = [];
  let signed: number | undefined;
  for (const part of mimeParts(mail)) {
    if (signed !== undefined && part.depth <= signed) signed = undefined;
    if (part.type === 'multipart/signed') signed ??= part.depth;
    if (signed === undefined && isLeaf(part) && known.has(part.encoding) && hasLongLine(part.body)) {
      found.push(part);
    }
  }
  return found;
};

/** The encoding that a part has or gets: text the shorter one, so that most of it stays legible, everything else base64. */
const encoded = (part: MimePart): { readonly encoding: string; readonly body: string } => {
  const bytes = decodedBytes(part);
  const base64 = { encoding: 'base64', body: base64Lines(bytes) };
  if (part.encoding === 'base64' || !part.type.startsWith('text/')) return base64;
  const quoted = { encoding: 'quoted-printable', body: quotedPrintable(bytes) };
  if (part.encoding === 'quoted-printable') return quoted;
  return quoted.body.length <= base64.body.length ? quoted : base64;
};

const labelled = (fields: readonly HeaderField[], encoding: string): HeaderBlock =>
  applyEdits({ fields, rest: Buffer.alloc(0) }, replace('Content-Transfer-Encoding', encoding));

/** The mail itself is one part: its header says how it is encoded, and that it is MIME. */
const wholeEncoded = (mail: HeaderBlock, part: MimePart): HeaderBlock => {
  const { encoding, body } = encoded(part);
  const { fields } = labelled(mail.fields, encoding);
  const mime = hasField(mail, 'MIME-Version') ? [] : [fieldFrom('MIME-Version', '1.0')];
  return { fields: [...fields, ...mime], rest: Buffer.from(`\r\n${body}`, 'latin1') };
};

/** What stands in place of a part: its header with the new encoding, and its body, without the line end that belongs to the boundary. */
const partEncoded = (part: MimePart): Buffer => {
  const { encoding, body } = encoded(part);
  const { fields } = labelled(part.fields, encoding);
  return Buffer.concat([
    ...fields.map(({ raw }) => raw),
    Buffer.from(`\r\n${encoding === 'base64' ? body.replace(/\r\n$/, '') : body}`, 'latin1'),
  ]);
};

const headerLength = ({ fields }: MimePart): number => fields.reduce((sum, { raw }) => sum + raw.length, 0);

/** Encodes anew those parts of a mail that have lines of more than 998 bytes, and touches no other byte. */
export const shortBodyLines: CopyStep = (mail) => {
  if (!hasLongLine(mail.rest)) return mail;
  const parts = longParts(mail);
  const [first] = parts;
  if (first === undefined) return mail;
  if (first.depth === 0) return wholeEncoded(mail, first);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const part of parts) {
    pieces.push(mail.rest.subarray(from, part.headerEnd - headerLength(part)), partEncoded(part));
    from = part.start + part.body.length;
  }
  return { fields: mail.fields, rest: Buffer.concat([...pieces, mail.rest.subarray(from)]) };
};
