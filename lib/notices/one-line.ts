/** The most characters of a stranger's subject or name that a mail of ours repeats. */
const longest = 200;

// Control characters, line and paragraph separators, and what turns the direction of writing, by which a text can pretend to be another.
const unseemly = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** A text of a stranger as a mail of ours may repeat it: on one line, without control characters, of a sane length. */
export const oneLine = (text: string, most = longest): string => {
  const clean = text.toWellFormed().replace(unseemly, ' ').trim();
  const characters = [...clean];
  return characters.length > most ? `${characters.slice(0, most - 3).join('')}...` : clean;
};
