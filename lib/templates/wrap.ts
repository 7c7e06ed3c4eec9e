import { charactersOf, columnsOf } from './columns.ts';

/** How wide the paragraphs of a notice are (mailman-behaviour.md, section 23). */
const noticeWidth = 70;

// Chinese and Japanese are written without blanks and may be broken between any two characters; Korean has blanks.
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3001-\u303f\uff01-\uff60]/u;
// But no line begins with a mark that closes or ends something (the first rule of Japanese line breaking, JIS X 4051).
const staysBehind = /^[\p{Pe}\p{Pf}、。，．：；？！ー々ゝゞっゃゅょッャュョ]/u;

/** A piece of a line that is not broken, and what parts it from the piece before it. */
interface Piece {
  readonly before: '' | ' ';
  readonly text: string;
}

/** The pieces of one word: itself, or its characters where these may be parted. */
const piecesOf = (word: string, before: '' | ' '): readonly Piece[] => {
  const pieces: Piece[] = [];
  let current = '';
  let previous = '';
  for (const { text } of charactersOf(word)) {
    const parts =
      current !== '' && (unspaced.test(text) || unspaced.test(previous)) && !staysBehind.test(text);
    if (parts) {
      pieces.push({ before: pieces.length === 0 ? before : '', text: current });
      current = '';
    }
    current += text;
    previous = text;
  }
  return [...pieces, { before: pieces.length === 0 ? before : '', text: current }];
};

const fill = (lines: readonly string[], width: number): readonly string[] => {
  const filled: string[] = [];
  let current = '';
  let used = 0;
  let last = '';
  for (const line of lines) {
    for (const [index, word] of line
      .split(/[ \t]+/)
      .filter((one) => one !== '')
      .entries()) {
      // The end of a line of Chinese or Japanese stands for no blank.
      const joined = index === 0 && unspaced.test(last) && unspaced.test(word);
      for (const { before, text } of piecesOf(word, joined ? '' : ' ')) {
        const size = columnsOf(text);
        if (current !== '' && used + before.length + size > width) {
          filled.push(current);
          current = text;
          used = size;
        } else {
          used += (current === '' ? 0 : before.length) + size;
          current = current === '' ? text : `${current}${before}${text}`;
        }
      }
      last = charactersOf(word).at(-1)?.text ?? '';
    }
  }
  return current === '' ? filled : [...filled, current];
};

/**
 * Wraps the paragraphs of a text. Lines that are indented stay as they are, blank lines part paragraphs, and a word that is
 * too long for a line, such as an address of a page, stays whole.
 */
export const wrap = (text: string, width = noticeWidth): string => {
  const out: string[] = [];
  let paragraph: string[] = [];
  const close = (): void => {
    out.push(...fill(paragraph, width));
    paragraph = [];
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (/^\s*$/.test(line) || /^[ \t]/.test(line)) {
      close();
      out.push(line.trimEnd());
    } else {
      paragraph.push(line);
    }
  }
  close();
  return out.join('\n');
};
