const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A character as a reader sees it, combining marks included, and how many columns of a terminal it takes. */
export interface Character {
  readonly text: string;
  readonly width: number;
}

const invisible = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
// Pictures, and the scripts whose characters fill a square (Unicode, annex 11: wide and fullwidth).
const wide =
  /\p{Emoji_Presentation}|\ufe0f|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;

/** The characters of a text with their widths. */
export const charactersOf = (text: string): readonly Character[] =>
  // Plain ASCII is the usual case, and taking it apart is much quicker without the segmenter.
  /^[\u0020-\u007e]*$/.test(text)
    ? [...text].map((one) => ({ text: one, width: 1 }))
    : Array.from(graphemes.segment(text), ({ segment }) => ({
        text: segment,
        width: invisible.test(segment) ? 0 : wide.test(segment) ? 2 : 1,
      }));

/** How many columns a text takes on one line. */
export const columnsOf = (text: string): number =>
  charactersOf(text).reduce((sum, { width }) => sum + width, 0);
