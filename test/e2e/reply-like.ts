import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A reply that somebody writes with their mail program. */
export interface Reply {
  /** Which program: a mail of test/commands/replies whose text is plain. */
  readonly like: 'thunderbird' | 'mutt';
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** What is written above the quotation. */
  readonly says: readonly string[];
  /** What is quoted, line by line. */
  readonly quotes: string;
}

const folder = join(import.meta.dirname, '../commands/replies');
let replies = 0;

/**
 * Writes a reply as a mail program does: the headers, the words above the quotation and the signature are those of the sample, the rest is of the mail that is
 * answered.
 */
export const replyLike = ({ like, from, to, subject, says, quotes }: Reply): string => {
  replies += 1;
  const sample = readFileSync(join(folder, `${like}.eml`), 'latin1').replace(/\r?\n/g, '\r\n');
  const end = sample.indexOf('\r\n\r\n');
  const own: Readonly<Record<string, string>> = {
    from,
    to,
    subject,
    'message-id': `<reply-${replies}@${like}.example.org>`,
  };
  const header = sample
    .slice(0, end)
    .split('\r\n')
    .map((line) => {
      const name = line.slice(0, line.indexOf(':'));
      const value = own[name.toLowerCase()];
      return value === undefined ? line : `${name}: ${value}`;
    });
  const lines = sample.slice(end + 4).split('\r\n');
  const first = lines.findIndex((line) => line.startsWith('>'));
  const last = lines.findLastIndex((line) => line.startsWith('>'));
  if (first < 1) throw new Error(`The sample ${like} quotes nothing`);
  const quoted = quotes
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => `> ${line}`.trimEnd());
  const body = [...says, '', lines[first - 1] ?? '', ...quoted, ...lines.slice(last + 1)];
  return [...header, '', ...body].join('\r\n');
};
