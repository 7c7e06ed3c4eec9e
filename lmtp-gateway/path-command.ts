/** MAIL or RCPT, taken apart. */
export interface PathCommand {
  /** What stands between the angle brackets, exactly as it was given but for a source route. */
  readonly path: string;
  /** The parameters behind it, their names in upper case; a parameter without a value has the empty text. */
  readonly parameters: ReadonlyMap<string, string>;
}

// A path in angle brackets; a quoted local part may hold anything, also blanks and brackets. A source route in front is read
// and ignored (RFC 5321, section 4.1.1.3 and appendix C).
const pattern =
  /^(?:MAIL FROM|RCPT TO):[ \t]*<(?:@[^\s<>:"]+:)?((?:"(?:[^"\\]|\\.)*"|[^\s<>"])*)>(?:[ \t]+(.*))?$/i;

/** Takes MAIL or RCPT apart; undefined when it cannot be read at all. */
export const readPathCommand = (line: string): PathCommand | undefined => {
  const match = pattern.exec(line.trimEnd());
  if (match === null) return undefined;
  const parameters = new Map<string, string>();
  for (const written of (match[2] ?? '').split(/[ \t]+/)) {
    if (written === '') continue;
    const equals = written.indexOf('=');
    const name = equals === -1 ? written : written.slice(0, equals);
    parameters.set(name.toUpperCase(), equals === -1 ? '' : written.slice(equals + 1));
  }
  return { path: match[1] ?? '', parameters };
};

const printable = /^[\x20-\x7e]*$/;
const address = /^(?:"(?:[^"\\]|\\.)*"|[^@"\s]+)(?:@[^@"\s]+)?$/;

/**
 * Whether a path could be somebody's address. Little is demanded, because to refuse a sender or recipient that the MTA in
 * front found good enough would lose its mail: ASCII (no SMTPUTF8 is offered), one at sign outside quotes, something on
 * either side of it. Whether the mailbox exists is asked afterwards.
 */
export const isPlausibleAddress = (path: string): boolean => printable.test(path) && address.test(path);
