const quoted = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** Whether a line is what a document says; `*` in the document stands for any text. */
export const fits = (written: string, line: string | undefined): boolean => {
  if (line === undefined || !written.includes('*')) return written === line;
  return new RegExp(`^${written.split('*').map(quoted).join('.*')}$`).test(line);
};

/** Throws, with the place in the document, when lines are not what it says. */
export const mustFit = (written: readonly string[], lines: readonly string[], at: number): void => {
  for (let index = 0; index < Math.max(written.length, lines.length); index += 1) {
    const wanted = written[index];
    const came = lines[index];
    if (wanted !== undefined && fits(wanted, came)) continue;
    throw new Error(
      `line ${at + Math.min(index, written.length)} says: ${wanted ?? '(no more lines)'}\n` +
        `what came is: ${came ?? '(nothing)'}\nall that came:\n${lines.join('\n')}`,
    );
  }
};
