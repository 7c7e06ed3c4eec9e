import { findApproved } from './approved-line.ts';
import type { HeaderBlock, HeaderField } from './header-block.ts';
import { isTextPart, mimeParts } from './mime-parts.ts';
import { partText } from './part-text.ts';

/** What somebody wants to know of the text of a mail. What nobody wants is not looked at. */
export interface MailTextWanted {
  /** The first text/plain part. */
  readonly first: boolean;
  /** All text parts. */
  readonly all: boolean;
  /** The headers of all parts. */
  readonly partFields: boolean;
  /** The password for the moderators. */
  readonly approved: boolean;
}

/** What a mail says. */
export interface MailText {
  /** The first text/plain part, decoded; empty when there is none. */
  readonly first: string;
  /** All text parts, decoded, one after the other. */
  readonly all: string;
  /** The header fields of the parts; those of the mail itself are not among them. */
  readonly partFields: readonly HeaderField[];
  /** The password that it carries to pass the moderators. */
  readonly approvedBy?: string;
}

/** What a mail says of which nobody wants to know anything. */
export const noText: MailText = { first: '', all: '', partFields: [] };

/** How much of the text is read. What somebody does not say in 64 KB of text is no command. */
const mostText = 65_536;

/** The most parts whose headers are looked at. */
const mostFields = 1000;

/** Reads what is wanted of the text of a mail; whatever the bytes are, it gives something. */
export const readMailText = (mail: HeaderBlock, wanted: MailTextWanted): MailText => {
  const approvedBy = wanted.approved ? findApproved(mail)?.password : undefined;
  const found = {
    ...noText,
    ...(approvedBy === undefined ? {} : { approvedBy }),
  };
  if (!wanted.first && !wanted.all && !wanted.partFields) return found;
  let first: string | undefined;
  const all: string[] = [];
  let size = 0;
  const partFields: HeaderField[] = [];
  for (const part of mimeParts(mail)) {
    if (wanted.partFields && part.depth > 0 && partFields.length < mostFields)
      partFields.push(...part.fields);
    if (!isTextPart(part)) continue;
    if (wanted.first && first === undefined && part.type === 'text/plain') first = partText(part, mostText);
    if (wanted.all && size < mostText) {
      const text = partText(part, mostText - size);
      all.push(text);
      size += text.length;
    }
    if (!wanted.all && !wanted.partFields && first !== undefined) break;
  }
  return { ...found, first: first ?? '', all: all.join('\n'), partFields };
};
