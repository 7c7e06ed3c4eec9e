import { isDone, type Reply, replyText } from '../smtp/reply.ts';
import type { Ending } from '../smtp/transaction.ts';
import { speaksOfRecipient } from './ledger-codes.ts';
import { isAboutUs, verdictOfRcpt } from './smtp-replies.ts';
import type { TransactionOutcome } from './transport.ts';
import type { Verdict } from './verdict.ts';

/** Whether anybody's verdict still depends on what comes after RCPT. */
const isOpen = ({ mail, rcpt }: Ending): boolean =>
  mail === undefined || (isDone(mail) && rcpt.some((reply) => reply === undefined || isDone(reply)));

/** True when the connection failed before the mail was handed over: nobody has it, and nobody's verdict hangs on it. */
export const isBroken = (ending: Ending): boolean =>
  ending.fault !== undefined && !ending.handed && isOpen(ending);

/** The relay said 421 to a command: it wants no more of us for now (RFC 5321, section 3.8). */
export const farewellOf = (ending: Ending): Reply | undefined =>
  isBroken(ending) && ending.fault?.reply?.code === 421 ? ending.fault.reply : undefined;

/** Each recipient by position: refused at RCPT, or else what became of those who were not. */
const byPosition = ({ rcpt }: Ending, others: Verdict): TransactionOutcome => ({
  kind: 'verdicts',
  verdicts: rcpt.map((reply) => (reply === undefined || isDone(reply) ? others : verdictOfRcpt(reply))),
});

const rejectedAtRcpt = ({ rcpt }: Ending): readonly (Verdict | undefined)[] =>
  rcpt.map((reply) => {
    const verdict = reply === undefined || isDone(reply) ? undefined : verdictOfRcpt(reply);
    return verdict?.kind === 'rejected' ? verdict : undefined;
  });

/** What a refusal of the data, or of the mail after its end, means for those whom the relay had accepted. */
const refusalOfData = (ending: Ending, reply: Reply, at: 'data' | 'dot'): TransactionOutcome => {
  const text = replyText(reply);
  if (reply.code < 500) return byPosition(ending, { kind: 'deferred', reply: text, at });
  if (ending.rcpt.length === 1 && speaksOfRecipient(text)) {
    return byPosition(ending, { kind: 'rejected', reply: text, at });
  }
  const rejected = rejectedAtRcpt(ending);
  return { kind: 'refused-post', reply: text, ...(rejected.some(Boolean) ? { rejected } : {}) };
};

/**
 * What a transaction came to (design, rule 9). A reply to MAIL is never about a recipient, whatever its enhanced code: it came before any of them was
 * named.
 */
export const outcomeOf = (ending: Ending): TransactionOutcome => {
  const { mail, rcpt, data, dot, at, handed, fault } = ending;
  const farewell = farewellOf(ending);
  if (farewell !== undefined) return { kind: 'refused-us', reply: replyText(farewell) };
  if (mail !== undefined && !isDone(mail)) {
    const reply = replyText(mail);
    if (isAboutUs(mail)) return { kind: 'refused-us', reply };
    return mail.code >= 500
      ? { kind: 'refused-post', reply }
      : { kind: 'verdicts', verdicts: rcpt.map(() => ({ kind: 'deferred', reply, at: 'mail' })) };
  }
  const wantsLogin = rcpt.find((reply) => reply !== undefined && isAboutUs(reply));
  if (wantsLogin !== undefined && !rcpt.some((reply) => reply !== undefined && isDone(reply))) {
    return { kind: 'refused-us', reply: replyText(wantsLogin) };
  }
  if (handed && fault !== undefined) return byPosition(ending, { kind: 'unknown', reply: '' });
  if (isBroken(ending)) {
    return byPosition(ending, { kind: 'deferred', reply: '', at: at === 'dot' ? 'data' : at });
  }
  if (dot !== undefined && !isDone(dot)) return refusalOfData(ending, dot, 'dot');
  if (data !== undefined && data.code !== 354 && isOpen(ending)) return refusalOfData(ending, data, 'data');
  return byPosition(ending, { kind: 'delivered' });
};
