/** A word of the form `name=value`, its name in lower case; undefined when it is not one. */
export interface NamedArgument {
  readonly name: string;
  readonly value: string;
}

/** Reads a word of the form `name=value`. */
export const namedArgument = (word: string): NamedArgument | undefined => {
  const at = word.indexOf('=');
  return at < 1 ? undefined : { name: word.slice(0, at).toLowerCase(), value: word.slice(at + 1) };
};
