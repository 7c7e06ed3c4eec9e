import { ImportError } from './imported.ts';

/** The encoding of a file by its byte order mark, which spreadsheets write; UTF-8 when it has none. */
const encodingOf = ([first, second]: Uint8Array): string => {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
};

/**
 * The text of a file, without its byte order mark.
 * @throws ImportError when it is not UTF-8: names would else be changed to something that nobody wrote.
 */
export const fileText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    throw new ImportError(
      'The file is not in UTF-8; iconv -f latin1 -t utf-8 FILE makes it so when it is in Latin-1',
    );
  }
};

/** The lines of a file, without its byte order mark. What is in no known encoding stands as U+FFFD, by which the lines that have it can be told. */
export const fileLines = (bytes: Uint8Array): readonly string[] =>
  new TextDecoder(encodingOf(bytes)).decode(bytes).split(/\r\n|\n|\r/);
