/**
 * The envelope sender of a probe (mailman-behaviour.md, section 13.3): for the list `test` it is `test-bounces+TOKEN@example.com`, so that what
 * comes back to it needs no reading.
 */

/** The text that a probe's format has between the -bounces address and the token; undefined when it cannot be read. */
const betweenOf = (format: string): string | undefined =>
  /^\$(?:bounces|\{bounces\})([^$]+)\$(?:token|\{token\})$/.exec(format)?.[1];

/** The sender of a probe with a token; the plain one when the format cannot be read. */
export const probeSender = (format: string, sender: string, token: string): string => {
  const between = betweenOf(format);
  const at = sender.lastIndexOf('@');
  return between === undefined || at < 1
    ? sender
    : `${sender.slice(0, at)}${between}${token}${sender.slice(at)}`;
};

/** The token in what follows the delimiter of a -bounces address; undefined when it is none. */
export const parseProbe = (format: string, delimiter: string, detail: string): string | undefined => {
  const between = betweenOf(format);
  if (between === undefined || !between.startsWith(delimiter)) return undefined;
  const before = between.slice(delimiter.length);
  const token = detail.slice(before.length).toLowerCase();
  return detail.startsWith(before) && /^[0-9a-f]{40}$/.test(token) ? token : undefined;
};
