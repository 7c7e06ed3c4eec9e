import { RE2JS } from 're2js';

/** A regular expression of an owner or of the site. However it is written, it takes time in proportion to the text (decision 20). */
export interface Pattern {
  /** Whether it is found anywhere in a text. */
  readonly foundIn: (text: string) => boolean;
  /** Whether it matches at the start of a text. */
  readonly beginsIn: (text: string) => boolean;
  /** How many instructions it has: searching takes at most this many steps for each character. */
  readonly size: number;
}

/** A regular expression that cannot be used; the message is a sentence for the person who wrote it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * The most instructions that one regular expression may have: 30 ns a step make 16,384 characters half a second, and
 * nobody writes a longer one by hand.
 */
export const mostInstructions = 1000;

/** The longest regular expression that is looked at. */
const longest = 2000;

const letterCase = { any: RE2JS.CASE_INSENSITIVE, same: 0 } as const;

const unsupported = /\(\?(?:=|!|<=|<!|>)|\\[1-9]|\\k|\(\?P=/;

const compile = (source: string, mode: keyof typeof letterCase): Pattern => {
  if (source.length > longest) {
    throw new PatternError(`a regular expression has at most ${longest} characters`);
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source, letterCase[mode]);
  } catch (error) {
    const why =
      error instanceof Error ? error.message.replace(/^error parsing regexp: |: `.*`$/gs, '') : String(error);
    throw new PatternError(
      unsupported.test(source)
        ? `"${source}" looks around or back ((?=...), (?<=...), \\1), which the engine of linear time cannot do`
        : `"${source}" is not a regular expression: ${why}`,
    );
  }
  const size = compiled.programSize();
  if (size > mostInstructions) {
    throw new PatternError(
      `"${source}" takes ${size} instructions; ${mostInstructions} is the most, so use smaller repeat counts`,
    );
  }
  return {
    foundIn: (text) => compiled.matcher(text).find(),
    beginsIn: (text) => compiled.matcher(text).lookingAt(),
    size,
  };
};

// A function meets the same few regular expressions with every mail.
const mostRemembered = 1000;
const remembered = new Map<string, Pattern>();

/**
 * Compiles a regular expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax), once a process.
 * @throws PatternError when it cannot be used.
 */
export const pattern = (source: string, mode: keyof typeof letterCase): Pattern => {
  const key = `${mode} ${source}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const made = compile(source, mode);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, made);
  return made;
};

/** The same, for what was checked when it was set: undefined when it cannot be used after all, so that no mail fails for it. */
export const patternOrNone = (source: string, mode: keyof typeof letterCase): Pattern | undefined => {
  try {
    return pattern(source, mode);
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
};
