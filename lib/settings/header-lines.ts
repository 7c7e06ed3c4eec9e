import { type Setting, SettingError } from './setting.ts';

// RFC 5322, section 2.2: a header name is printable ASCII without the colon.
const headerName = /^[!-9;-~]+$/;

/** Refuses what cannot be the name of a header. */
export const checkHeader = (header: string): string => {
  if (!headerName.test(header)) throw new SettingError(`"${header}" is not the name of a header`);
  return header;
};

/** One line: a header, in lower case, and what its value must match. */
export interface HeaderLine {
  readonly header: string;
  readonly pattern: string;
  /** The place of the line among all lines, from 0 on. */
  readonly index: number;
}

/** The lines of a setting that say something; what cannot be read is left out, because it was checked when it was set. */
export const readHeaderLines = (written: string): readonly HeaderLine[] =>
  written.split(/\r?\n/).flatMap((line, index) => {
    const colon = line.indexOf(':');
    if (line.trim() === '' || line.startsWith('#') || colon < 1) return [];
    return [
      { header: line.slice(0, colon).trim().toLowerCase(), pattern: line.slice(colon + 1).trim(), index },
    ];
  });

/** Lines of the form `header: regular expression`, with blank lines and comments between them. */
export const headerLines = (fallback: string, doc: string): Setting<string> => ({
  type: 'lines of the form header: regular expression',
  fallback,
  doc,
  parse: (raw) => {
    if (typeof raw !== 'string') throw new SettingError(`${JSON.stringify(raw)} is not a text`);
    for (const [index, line] of raw.split(/\r?\n/).entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const colon = line.indexOf(':');
      if (colon < 1) {
        throw new SettingError(
          `line ${index + 1}, "${line}", does not have the form header: regular expression`,
        );
      }
      checkHeader(line.slice(0, colon).trim());
    }
    return raw;
  },
  patterns: (written) => readHeaderLines(written).map(({ pattern }) => pattern),
});
