/** The most lines of a text that are looked at: a report is short, and what comes after it is the mail that it returns. */
export const mostLines = 4000;

// People's lines have 78 characters (RFC 5322, section 2.1.1). Paragraphs of HTML are longer; patterns with gaps are not for much more than this.
const longestLine = 400;

/** A long line in pieces, cut behind a blank where there is one near, so that no address is cut in two. */
function* pieces(line: string): Generator<string> {
  for (let from = 0; from === 0 || from < line.length; ) {
    const blank = line.lastIndexOf(' ', from + longestLine - 1);
    const to = blank > from + longestLine / 2 ? blank + 1 : from + longestLine;
    yield line.slice(from, to);
    from = to;
  }
}

/** Lines of a text, long ones in pieces, and so many of them. */
export const linesOf = (text: string): readonly string[] =>
  text
    .split(/\r\n|\r|\n/, mostLines)
    .flatMap((line) => (line.length <= longestLine ? line : [...pieces(line)]))
    .slice(0, mostLines);
