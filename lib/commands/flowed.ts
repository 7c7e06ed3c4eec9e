/** A line of a text, and how deep it is quoted. */
interface QuotedLine {
  readonly depth: number;
  readonly text: string;
}

const read = (line: string): QuotedLine => {
  const depth = /^>*/.exec(line)?.[0].length ?? 0;
  const text = line.slice(depth);
  // RFC 3676, section 4.4: one blank was put before what begins with a blank, a quote mark or "From ".
  return { depth, text: text.startsWith(' ') ? text.slice(1) : text };
};

const isSignature = ({ text }: QuotedLine): boolean => text === '-- ';

const written = ({ depth, text }: QuotedLine): string =>
  depth === 0 ? text : `${'>'.repeat(depth)} ${text}`;

/**
 * The lines of a text that is format=flowed, as they were before they were wrapped (RFC 3676, section 4): a line that ends with a blank goes on in the
 * next one of the same depth, and with delsp the blank is no part of it.
 */
export const unflowed = (text: string, delSp: boolean): readonly string[] => {
  const lines: string[] = [];
  let current: QuotedLine | undefined;
  for (const line of text.split('\n').map(read)) {
    const flows = current?.text.endsWith(' ') === true && !isSignature(current);
    if (current !== undefined && flows && current.depth === line.depth && !isSignature(line)) {
      const before = delSp ? current.text.slice(0, -1) : current.text;
      current = { depth: line.depth, text: before + line.text };
    } else {
      if (current !== undefined) lines.push(written(current));
      current = line;
    }
  }
  return current === undefined ? lines : [...lines, written(current)];
};
