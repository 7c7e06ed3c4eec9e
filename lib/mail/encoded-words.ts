/** Encoded words: how a header says what is not ASCII (RFC 2047). Written here because a library brings half a bundle of tables. */

// RFC 2047, section 2: a line with encoded words has at most 76 characters. `=?utf-8?b?` and `?=` take 12, and base64 makes 4 of
// 3 bytes: 39 bytes make a word of 64, which fits behind the name of a header such as `Reply-To: `.
const bytesInWord = 39;

const needsEncoding = /[^\t\u0020-\u007e]/;

/** Writes a text as encoded words in UTF-8 that never cut a character in two. */
const asWords = (text: string): string => {
  const words: string[] = [];
  let chunk = '';
  let size = 0;
  for (const character of text) {
    const bytes = Buffer.byteLength(character);
    if (size + bytes > bytesInWord) {
      words.push(chunk);
      chunk = '';
      size = 0;
    }
    chunk += character;
    size += bytes;
  }
  words.push(chunk);
  return words.map((word) => `=?utf-8?b?${Buffer.from(word).toString('base64')}?=`).join(' ');
};

/**
 * Encodes what is not ASCII in a text; the words before the first such word and after the last one stay readable. With
 * `whole` everything is encoded, as a phrase needs it, where bare words beside an encoded one could be read as syntax.
 */
export const encodeWords = (text: string, { whole = false } = {}): string => {
  if (whole) return asWords(text);
  if (!needsEncoding.test(text)) return text;
  const words = text.split(' ');
  const first = words.findIndex((word) => needsEncoding.test(word));
  const last = words.findLastIndex((word) => needsEncoding.test(word));
  return [
    ...words.slice(0, first),
    asWords(words.slice(first, last + 1).join(' ')),
    ...words.slice(last + 1),
  ].join(' ');
};

// One encoded word. Each part ends at the next question mark, so the search is linear.
const encodedWord = /=\?([^?\s]+)\?([bq])\?([^?]*)\?=/gi;

const bytesOf = (encoding: string, text: string): Buffer =>
  encoding.toLowerCase() === 'b'
    ? Buffer.from(text, 'base64')
    : Buffer.from(
        text
          .replaceAll('_', ' ')
          .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      );

/** Text from bytes in a charset; undefined when Node does not know it. */
const textIn = (charset: string, bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

interface Run {
  readonly charset: string;
  readonly parts: Buffer[];
  readonly source: string[];
}

/**
 * Decodes the encoded words of a text. The blanks between two of them are not shown (RFC 2047, section 6.2), and neighbours in one
 * charset are decoded as one, because many programs cut characters in two. A word in an unknown charset stays as it is.
 */
export const decodeWords = (text: string): string => {
  const out: string[] = [];
  let run: Run | undefined;
  let shownTo = 0;
  const close = (): void => {
    if (run === undefined) return;
    out.push(textIn(run.charset, Buffer.concat(run.parts)) ?? run.source.join(' '));
    run = undefined;
  };
  for (const match of text.matchAll(encodedWord)) {
    const [source, label = '', encoding = '', content = ''] = match;
    // RFC 2231, section 5: the charset may carry a language, as in utf-8*en.
    const charset = label.replace(/\*.*$/, '').toLowerCase();
    const between = text.slice(shownTo, match.index);
    const adjacent = run !== undefined && /^\s*$/.test(between);
    if (!adjacent) {
      close();
      out.push(between);
    } else if (run !== undefined && run.charset !== charset) {
      close();
    }
    run ??= { charset, parts: [], source: [] };
    run.parts.push(bytesOf(encoding, content));
    run.source.push(source);
    shownTo = match.index + source.length;
  }
  close();
  out.push(text.slice(shownTo));
  return out.join('');
};
