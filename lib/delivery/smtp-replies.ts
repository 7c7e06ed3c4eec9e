import type { Stage, Verdict } from './verdict.ts';

/** A reply line of the relay, such as `451 4.3.0 Try again`, cut down to its codes: `451 4.3.0`. */
export const codesOf = (reply: string): string => {
  const [, code, enhanced] = /^(\d{3})[ -]?(?:([245]\.\d{1,3}\.\d{1,3})\b)?/.exec(reply) ?? [];
  if (code === undefined) return 'no reply';
  return enhanced === undefined ? code : `${code} ${enhanced}`;
};

/** The number of a reply line; 0 when it has none. */
export const replyCode = (reply: string): number => Number(/^\d{3}/.exec(reply)?.[0] ?? 0);

/**
 * What a reply to RCPT means for its recipient. 552 counts as temporary (RFC 5321, section 4.5.3.1.10: a server that takes
 * no more recipients may say 552 where it means 452).
 */
export const verdictOfRcpt = (reply: string): Verdict => {
  const code = replyCode(reply);
  return code >= 500 && code !== 552
    ? { kind: 'rejected', reply, at: 'rcpt' }
    : { kind: 'deferred', reply, at: 'rcpt' };
};

/** The same temporary verdict for everybody of a transaction. */
export const allDeferred = (count: number, reply: string, at: Stage): readonly Verdict[] =>
  Array.from({ length: count }, () => ({ kind: 'deferred', reply, at }));
