/** One record of a CSV file, or what is wrong with it. */
export type CsvRecord =
  | {
      readonly kind: 'record';
      readonly line: number;
      readonly text: string;
      readonly fields: readonly string[];
    }
  | { readonly kind: 'fault'; readonly line: number; readonly text: string; readonly reason: string };

/** What stands between the fields. Where the comma is in numbers, spreadsheets write semicolons; and tabs, when they write UTF-16. */
export type CsvDelimiter = ',' | ';' | '\t';

// A field in quotes, in which a quote is written twice, or one without (RFC 4180, section 2, rules 5 to 7).
const fields: Readonly<Record<CsvDelimiter, RegExp>> = {
  ',': /"((?:[^"]|"")*)"|([^",\r\n]*)/y,
  ';': /"((?:[^"]|"")*)"|([^";\r\n]*)/y,
  '\t': /"((?:[^"]|"")*)"|([^"\t\r\n]*)/y,
};
const lineEnd = /\r\n|\n|\r/y;
const restOfLine = /[^\r\n]*/y;

/**
 * Reads CSV as RFC 4180 describes it; a line may also end in LF or CR alone, as many programs write. A record that is wrong is told of with the line
 * in which it begins, and the next line begins another. Empty lines are left out.
 */
export const csvRecords = function* (text: string, delimiter: CsvDelimiter = ','): Iterable<CsvRecord> {
  const field = fields[delimiter];
  let at = 0;
  let line = 1;
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text) ?? undefined;
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };

  while (at < text.length) {
    const began = at;
    const found: string[] = [];
    let reason: string | undefined;
    for (;;) {
      const [whole = '', quoted, bare = ''] = match(field) ?? [];
      found.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
      if (text[at] === delimiter) {
        at += 1;
        continue;
      }
      if (at < text.length && text[at] !== '\r' && text[at] !== '\n') {
        // What stands here began with a quote that nothing ends, or follows one that ended.
        reason = whole.startsWith('"')
          ? 'something follows a quotation mark that ends a field'
          : bare === '' && text[at] === '"'
            ? 'a quotation mark begins a field and none ends it'
            : 'a quotation mark stands within a field that is in none';
        match(restOfLine);
      }
      break;
    }
    const written = text.slice(began, at);
    const first = line;
    match(lineEnd);
    line += text.slice(began, at).match(/\r\n|\n|\r/g)?.length ?? 0;
    if (reason !== undefined) yield { kind: 'fault', line: first, text: written, reason };
    else if (written !== '') yield { kind: 'record', line: first, text: written, fields: found };
  }
};
