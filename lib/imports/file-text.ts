import { ImportError } from './imported.ts';

/**
 * The text of a file, without its byte order mark.
 * @throws ImportError when it is not UTF-8: names would else be changed to something that nobody wrote.
 */
export const fileText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ImportError(
      'The file is not in UTF-8; iconv -f latin1 -t utf-8 FILE makes it so when it is in Latin-1',
    );
  }
};
