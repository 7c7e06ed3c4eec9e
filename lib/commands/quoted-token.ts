/** What a token looks like, whatever it is for; one that nobody was given is simply unknown. */
export const tokenForm = '[A-Za-z0-9_-]{16,128}';

/**
 * A line that is `confirm TOKEN`, quoted or not. Programs quote the subject of what they answer, too, behind their word for a subject: `Betreff:`, `Objet :`,
 * `*Subject:*`. It is one word, so that the sentences of a notice of absence are not taken for it.
 */
const confirmation = new RegExp(
  `^[\\s>|]*(?:\\*?\\p{L}{2,15}\\*?\\s?[:：]\\*?\\s*)?confirm\\s+(${tokenForm})\\s*$`,
  'iu',
);

/** The token of a line that is `confirm TOKEN`, quoted or not. */
export const quotedTokenIn = (line: string): string | undefined => confirmation.exec(line)?.[1];
