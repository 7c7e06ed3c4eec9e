import { htmlText } from '../bounces/html-text.ts';
import { type HeaderBlock, unfolded } from '../mail/header-block.ts';
import { type MimePart, mimeParts } from '../mail/mime-parts.ts';
import { parameterOf } from '../mail/parameters.ts';
import { partText } from '../mail/part-text.ts';
import { unflowed } from './flowed.ts';

/** How much of the text is looked at; commands are at its top. */
const mostText = 65_536;

/** What somebody wrote to be read as commands. */
export interface OwnText {
  /** Line by line; quoted ones begin with `>`. */
  readonly lines: readonly string[];
  /** Whether the mail has parts that hold no commands, such as a picture. */
  readonly others: boolean;
}

const fieldValue = ({ fields }: MimePart, key: string): string => {
  const field = fields.find((one) => one.key === key);
  return field === undefined ? '' : unfolded(field).slice(0, 2000);
};

const isAttached = (part: MimePart): boolean =>
  /^\s*attachment/i.test(fieldValue(part, 'content-disposition'));

/** The parts that stand in the mail itself, and not in a mail within it. */
function* ownParts(mail: HeaderBlock): Generator<MimePart> {
  let enclosed: number | undefined;
  for (const part of mimeParts(mail)) {
    if (enclosed !== undefined && part.depth > enclosed) continue;
    enclosed = part.type === 'message/rfc822' ? part.depth : undefined;
    yield part;
  }
}

const plainLines = (part: MimePart): readonly string[] => {
  const text = partText(part, mostText);
  const type = fieldValue(part, 'content-type');
  const flowed = parameterOf(type, 'format').toLowerCase() === 'flowed';
  return flowed ? unflowed(text, parameterOf(type, 'delsp').toLowerCase() === 'yes') : text.split('\n');
};

// What stands in the frame of a window is no line of the mail.
const title = /<title\b[^>]{0,200}>[^<]{0,1000}<\/title\s{0,9}>/i;

/** The lines of an HTML part as a person reads them; what is quoted is marked as in plain text. */
const htmlLines = (part: MimePart): readonly string[] => {
  const lines: string[] = [];
  let depth = 0;
  for (const piece of partText(part, mostText)
    .replace(title, '')
    .split(/(<\/?blockquote\b[^>]{0,2000}>)/i)) {
    if (/^<blockquote\b/i.test(piece)) depth += 1;
    else if (/^<\/blockquote\b/i.test(piece)) depth = Math.max(0, depth - 1);
    else {
      const mark = depth === 0 ? '' : '> ';
      // A line end in HTML is a blank; lines are made by its blocks.
      const text = htmlText(piece.replace(/[\r\n]+/g, ' '));
      lines.push(...text.split('\n').map((line) => `${mark}${line}`));
    }
  }
  return lines;
};

// Blanks of any width, and characters that are seen by no reader.
const readable = (line: string): string =>
  line
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Zs}\t\p{Cc}]+/gu, ' ')
    .trimEnd();

const says = (lines: readonly string[]): boolean => lines.some((line) => line.trim() !== '');

/**
 * Reads the text of a mail for commands: the first text/plain part, or, as telephones send nothing else, the HTML turned into text. Whatever the bytes are,
 * it gives something.
 */
export const readOwnText = (mail: HeaderBlock): OwnText => {
  let plain: readonly string[] | undefined;
  let html: readonly string[] | undefined;
  let others = false;
  for (const part of ownParts(mail)) {
    if (part.type.startsWith('multipart/')) continue;
    const isText = !isAttached(part);
    if (isText && part.type === 'text/plain' && plain === undefined) plain = plainLines(part).map(readable);
    else if (isText && part.type === 'text/html') html ??= htmlLines(part).map(readable);
    else others = true;
  }
  const lines = plain !== undefined && says(plain) ? plain : (html ?? plain ?? []);
  return { lines, others };
};
