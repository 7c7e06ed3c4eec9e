import type { Reply } from '../smtp/reply.ts';
import { refusalText } from './denials.ts';
import type { Verdict } from './verdict.ts';

/** What stands where the codes of a reply would, when there was none. */
export const noReply = 'no reply';

/** A reply line of the relay, such as `451 4.3.0 Try again`, cut down to its codes: `451 4.3.0`. */
export const codesOf = (reply: string): string => {
  const [, code, enhanced] = /^(\d{3})[ -]?(?:([245]\.\d{1,3}\.\d{1,3})\b)?/.exec(reply) ?? [];
  if (code === undefined) return noReply;
  return enhanced === undefined ? code : `${code} ${enhanced}`;
};

/** The number of a reply line; 0 when it has none. */
export const replyCode = (reply: string): number => Number(/^\d{3}/.exec(reply)?.[0] ?? 0);

// RFC 5321, section 4.2.1: the command was not understood, is not known, or came in the wrong order. And section 4.5.3.1.10: a server that takes
// no more recipients may say 552 where it means 452.
const saysNothingOfRecipient = new Set([500, 502, 503, 504, 552]);

/** Whether the enhanced code of a reply is one of addresses or mailboxes (RFC 3463, sections 3.2 and 3.3), whatever its number says. */
export const isOfMailbox = (reply: string): boolean => /^\d{3}[ -][45]\.[12]\.\d{1,3}\b/.test(reply);

/** What a refusal of RCPT means for its recipient (design, rule 9). */
export const verdictOfRcpt = (reply: Reply): Verdict => {
  const text = refusalText(reply);
  const isOfRecipient = !saysNothingOfRecipient.has(reply.code) || isOfMailbox(text);
  return { kind: reply.code >= 500 && isOfRecipient ? 'rejected' : 'deferred', reply: text, at: 'rcpt' };
};

/** True when the relay wants a login or TLS first (RFC 4954, section 6; RFC 3207, section 4): that is about us and about nobody else. */
export const isAboutUs = ({ code }: Reply): boolean => code === 530 || code === 538;
