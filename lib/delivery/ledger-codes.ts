import { codesOf, noReply, replyCode } from './smtp-replies.ts';
import type { Stage } from './verdict.ts';

/**
 * The codes of a ledger: how it stands with a recipient, and the last reply. The stage is named when the reply was not to RCPT, because only
 * a reply to RCPT is about the recipient: `deferred 451 4.2.1`, `deferred data 451 4.3.0`, `rejected 550 5.1.1`, `refused 554 5.6.0`, `expired data no
 * reply`, `left`.
 */
export const ledgerCode = (
  kind: 'deferred' | 'rejected' | 'refused',
  reply: string,
  at: Stage = 'rcpt',
): string => (at === 'rcpt' ? `${kind} ${codesOf(reply)}` : `${kind} ${at} ${codesOf(reply)}`);

/** The code of somebody who has left the list before the post could be delivered. */
export const left = 'left';

const parts = /^(\w+)(?: (mail|data|dot)\b)?(?: (.*))?$/;

/** The code of a deferred recipient who is given up. */
export const expiredCode = (code: string): string => code.replace(/^deferred\b/, 'expired');

/** What stands for all further codes of that kind when a ledger has too many different ones. */
export const overflowCode = (code: string): string => {
  const [, kind = code, stage, codes] = parts.exec(code) ?? [];
  return stage === undefined && codes !== noReply ? `${kind} other` : `${kind} data other`;
};

/**
 * Whether a code tells the end of a delivery that is a bounce event of the recipient (design, rule 9). A relay that fell silent at RCPT has said nothing of
 * anybody.
 */
export const isBounce = (code: string): boolean => {
  const [, kind, stage, codes] = parts.exec(code) ?? [];
  return kind === 'rejected' || (kind === 'expired' && stage === undefined && codes !== noReply);
};

/** Whether somebody was given up, with whatever last reply. */
export const isGivenUp = (code: string): boolean => parts.exec(code)?.[1] === 'expired';

/** Whether the post itself was refused. */
export const isRefusedPost = (code: string): boolean => parts.exec(code)?.[1] === 'refused';

/** Whether a code stands for somebody who did not get the post although it was meant for them: who has left the list is none. */
export const isMissed = (code: string): boolean => /^(refused|expired|rejected)\b/.test(code);

/** The codes of the last reply in a ledger's code, such as `451 4.3.0`. */
export const replyIn = (code: string): string => parts.exec(code)?.[3] ?? '';

/** Where the last reply was given, in a person's words. */
export const placeIn = (code: string): string => {
  switch (parts.exec(code)?.[2]) {
    case 'mail':
      return 'to MAIL';
    case 'data':
      return 'to DATA';
    case 'dot':
      return 'to the end of the data';
    default:
      return 'to RCPT';
  }
};

// RFC 3463, section 3.2 and 3.3: addresses and mailboxes, but for the address of the sender and the length of the message; and for
// how much was sent in a day (Exchange Online's 5.1.90).
const addressed = /^[45]\d\d[ -]5\.[12]\.\d{1,3}\b/;
const ofSenderOrPost = /^\S+[ -](?:5\.1\.(?:[78]|90)|5\.2\.3)\b/;

// Exchange Online refuses who sends in a name that their account does not have with 5.2.252, or 5.2.0: without this, each member would score for it.
const ofSenderInWords = /SendAsDenied|not allowed to send as\b/i;

/** Whether a refusal of a whole transaction speaks of a recipient's address or mailbox (design, rule 9). */
export const speaksOfRecipient = (reply: string): boolean =>
  replyCode(reply) >= 500 &&
  addressed.test(reply) &&
  !ofSenderOrPost.test(reply) &&
  !ofSenderInWords.test(reply);
