import { ImportError } from './imported.ts';

/**
 * The JSON documents of a text, one behind the other with or without anything but blanks between them: that is what `curl` makes of several pages in one
 * file. Each with the line in which it begins.
 * @throws ImportError when it is not JSON.
 */
export const jsonDocuments = function* (
  text: string,
): Iterable<{ readonly line: number; readonly value: unknown }> {
  let line = 1;
  let began: number | undefined;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') {
      quoted = true;
    } else if (character === '{' || character === '[') {
      if (depth === 0) began = at;
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
    }
    if (began === undefined) {
      if (!/\s/.test(character ?? '')) throw new ImportError(`Line ${line} is not JSON`);
    } else if (depth === 0) {
      const document = text.slice(began, at + 1);
      try {
        yield { line, value: JSON.parse(document) };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw new ImportError(`What begins in line ${line} is not JSON: ${error.message}`);
      }
      line += document.split('\n').length - 1;
      began = undefined;
    }
    if (began === undefined && character === '\n') line += 1;
  }
  if (began !== undefined) throw new ImportError(`What begins in line ${line} is not JSON: it does not end`);
};
