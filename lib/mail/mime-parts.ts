import { type HeaderBlock, type HeaderField, parseHeaderBlock, unfolded } from './header-block.ts';
import { parameterOf } from './parameters.ts';

/** One part of a mail: the mail itself, a part within a multipart, or a mail within the mail. */
export interface MimePart {
  /** 0 for the mail itself. */
  readonly depth: number;
  readonly fields: readonly HeaderField[];
  /** In lower case, such as `text/plain`. */
  readonly type: string;
  /** In lower case; empty when none is named. */
  readonly charset: string;
  /** The Content-Transfer-Encoding in lower case. */
  readonly encoding: string;
  /** What is in it, as it stands in the mail: a view, not a copy. */
  readonly body: Buffer;
  /** Where its header ends in the rest of the mail: before the blank line. */
  readonly headerEnd: number;
  /** Where its body begins in the rest of the mail. */
  readonly start: number;
}

// Deeper or more than this is no mail that a person wrote, and each level is searched once more.
const deepest = 20;
const mostParts = 1000;

const lf = 0x0a;
const cr = 0x0d;
const dash = 0x2d;

const fieldValue = (fields: readonly HeaderField[], key: string): string => {
  const field = fields.find((one) => one.key === key);
  // A longer value is no type that a program wrote.
  return field === undefined ? '' : unfolded(field).slice(0, 2000);
};

/** The first blank line ends the header; the body begins after it. */
const bodyStart = (rest: Buffer): number => {
  if (rest[0] === lf) return 1;
  return rest[0] === cr && rest[1] === lf ? 2 : 0;
};

/** Whether at this place a line begins. */
const beginsLine = (body: Buffer, at: number): boolean => at === 0 || body[at - 1] === lf;

/** A line that parts the parts: where it begins and ends, and whether it is the last. */
interface Divider {
  readonly from: number;
  readonly to: number;
  readonly last: boolean;
}

/** The lines of a boundary (RFC 2046, section 5.1.1), in linear time. */
function* dividers(body: Buffer, boundary: string): Generator<Divider> {
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + mark.length)) {
    if (!beginsLine(body, at)) continue;
    let after = at + mark.length;
    const last = body[after] === dash && body[after + 1] === dash;
    if (last) after += 2;
    const eol = body.indexOf(lf, after);
    const end = eol === -1 ? body.length : eol + 1;
    // After the boundary there may be blanks and nothing else; a longer boundary may begin like this one.
    if (!/^[ \t\r\n]*$/.test(body.toString('latin1', after, Math.min(end, after + 80)))) continue;
    yield { from: at, to: end, last };
    if (last) return;
  }
}

/** What lies between the lines of a boundary: from where to where. The line end before a boundary belongs to it. */
const between = (body: Buffer, boundary: string): readonly (readonly [number, number])[] => {
  const found: [number, number][] = [];
  let from: number | undefined;
  let ended = false;
  for (const divider of dividers(body, boundary)) {
    if (from !== undefined) {
      let to = divider.from;
      if (body[to - 1] === lf) to -= 1;
      if (body[to - 1] === cr) to -= 1;
      found.push([from, Math.max(from, to)]);
    }
    from = divider.to;
    ended = divider.last;
    if (found.length >= mostParts) return found;
  }
  // Without a last line the last part ends with the mail.
  if (from !== undefined && !ended) found.push([from, body.length]);
  return found;
};

function* within(block: HeaderBlock, offset: number, depth: number, inDigest: boolean): Generator<MimePart> {
  const { fields, rest } = block;
  const contentType = fieldValue(fields, 'content-type');
  const [written = ''] = contentType.split(';');
  const named = written.trim().toLowerCase();
  // RFC 2045, section 5.2, and RFC 2046, section 5.1.5: what names no type is plain text, or a mail in a digest.
  const type = /^[^\s/]+\/[^\s/]+$/.test(named) ? named : inDigest ? 'message/rfc822' : 'text/plain';
  const skip = bodyStart(rest);
  const body = rest.subarray(skip);
  const start = offset + skip;
  yield {
    depth,
    fields,
    type,
    charset: parameterOf(contentType, 'charset').toLowerCase(),
    encoding: fieldValue(fields, 'content-transfer-encoding').trim().toLowerCase(),
    body,
    headerEnd: offset,
    start,
  };
  if (depth >= deepest) return;
  const boundary = type.startsWith('multipart/') ? parameterOf(contentType, 'boundary') : '';
  if (boundary !== '') {
    for (const [from, to] of between(body, boundary)) {
      yield* inner(body.subarray(from, to), start + from, depth + 1, type === 'multipart/digest');
    }
  } else if (type === 'message/rfc822') {
    yield* inner(body, start, depth + 1, false);
  }
}

function* inner(bytes: Buffer, offset: number, depth: number, inDigest: boolean): Generator<MimePart> {
  const block = parseHeaderBlock(bytes);
  yield* within(block, offset + bytes.length - block.rest.length, depth, inDigest);
}

/**
 * The parts of a mail, the mail itself first, as they stand in it; found one by one, so that who needs the first one does not search
 * the rest. Whatever the bytes are, it ends and does not throw. mailparser does more and is most of a megabyte with its tables of characters
 * (decision 21).
 */
export function* mimeParts(mail: HeaderBlock): Generator<MimePart> {
  let count = 0;
  for (const part of within(mail, 0, 0, false)) {
    yield part;
    count += 1;
    if (count >= mostParts) return;
  }
}

/** Whether a part is text that a person reads in the mail. */
export const isTextPart = ({ type }: MimePart): boolean => type.startsWith('text/');
