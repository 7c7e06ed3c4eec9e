import { encodeWords } from '../../mail/encoded-words.ts';
import { fieldFrom, type HeaderField, unfolded } from '../../mail/header-block.ts';
import { hasLongLine } from '../line-length.ts';
import type { CopyStep } from './copy-step.ts';

/** Text for people, which encoded words can break anywhere. */
const texts: ReadonlySet<string> = new Set(['subject', 'comments', 'keywords']);

/** Without these the mail would be another one: the mail is refused rather than changed. */
const needed = (key: string): boolean =>
  key.startsWith('content-') || key === 'mime-version' || key === 'from';

const shortened = (field: HeaderField): readonly HeaderField[] => {
  if (!hasLongLine(field.raw)) return [field];
  const value = unfolded(field);
  const folded = fieldFrom(field.name, value);
  if (!hasLongLine(folded.raw)) return [folded];
  if (texts.has(field.key)) return [fieldFrom(field.name, encodeWords(value, { whole: true }))];
  return needed(field.key) ? [folded] : [];
};

/** Folds header lines that are too long. What has no place to fold, and is neither text nor needed to read the mail, is left out. */
export const shortHeaderLines: CopyStep = ({ fields, rest }) => ({
  fields: fields.flatMap(shortened),
  rest,
});
