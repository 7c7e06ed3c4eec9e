// Python's string.Template, which Mailman's texts are written for: `$$`, `$name` or `${name}`, with names of ASCII letters.
const placeholder =
  /\$(?:(?<escaped>\$)|(?<bare>[A-Za-z_][A-Za-z0-9_]*)|\{(?<braced>[A-Za-z_][A-Za-z0-9_]*)\})/g;

const nameIn = (groups: Readonly<Record<string, string | undefined>> | undefined): string =>
  groups?.bare ?? groups?.braced ?? '';

/**
 * Fills in the variables of a text. A name that is not known stays as it is, and `$$` is a dollar sign. A value is put in as it
 * is and not looked at again: subjects are written by strangers.
 */
export const substitute = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(placeholder, (whole, ...rest) => {
    const groups: Readonly<Record<string, string | undefined>> = rest.at(-1);
    if (groups.escaped !== undefined) return '$';
    const name = nameIn(groups);
    return Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole;
  });

/** The names of the variables in a text, each once. */
export const variablesIn = (text: string): readonly string[] => [
  ...new Set(
    [...text.matchAll(placeholder)].map(({ groups }) => nameIn(groups)).filter((name) => name !== ''),
  ),
];
