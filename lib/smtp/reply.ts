/** A whole reply of an SMTP server: its number, and the text of each of its lines (RFC 5321, section 4.2). */
export interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

const enhancedCode = /^[245]\.\d{1,3}\.\d{1,3}(?= |$)/;

/**
 * The reply in one line, as it is written down and shown: `451 4.3.0 Try again later`. A server repeats the enhanced code in each line of a
 * long reply (RFC 2034, section 4); it is kept once.
 */
export const replyText = ({ code, lines }: Reply): string => {
  const [first = '', ...more] = lines;
  const [enhanced] = enhancedCode.exec(first) ?? [];
  const rest = more.map((line) =>
    enhanced === undefined ? line : line.replace(enhancedCode, '').trimStart(),
  );
  return [String(code), first, ...rest].filter((part) => part !== '').join(' ');
};

/** True when the server did what it was asked. */
export const isDone = ({ code }: Reply): boolean => code >= 200 && code < 300;
