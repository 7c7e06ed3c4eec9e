import type { Transaction, TransactionOutcome } from './transport.ts';
import type { Verdict } from './verdict.ts';

// Whatever a path holds, it must not end the command that it stands in: a line end in an address would be a command of its author's.
const carriable = /^[ -;=?-~]*$/;

const uncarriable: Extract<Verdict, { kind: 'rejected' }> = {
  kind: 'rejected',
  reply: '553 5.1.3 Belfry cannot write this address in an SMTP command',
  at: 'rcpt',
};

/**
 * Keeps from the wire what cannot be an address there. Such a recipient is refused as a relay would refuse it, and the others are served; a sender is
 * always made by us, so that a bad one is a defect of ours.
 */
export const withCarriable = async (
  transaction: Transaction,
  deliver: (carriable: Transaction) => Promise<TransactionOutcome>,
): Promise<TransactionOutcome> => {
  const { sender, recipients } = transaction;
  if (!carriable.test(sender)) throw new Error(`This is no envelope sender: ${JSON.stringify(sender)}`);
  const good = recipients.filter((recipient) => carriable.test(recipient));
  if (good.length === recipients.length) return deliver(transaction);
  const none: TransactionOutcome = { kind: 'verdicts', verdicts: [], unasked: true };
  const outcome = good.length === 0 ? none : await deliver({ ...transaction, recipients: good });
  if (outcome.kind === 'refused-us' || outcome.kind === 'not-now') return outcome;
  /** What was said of each of the good ones, where each stands, and of the others what is known here. */
  const withOthers = <T>(said: readonly T[], missing: T): readonly (T | typeof uncarriable)[] => {
    const next = said.values();
    return recipients.map((one) => (carriable.test(one) ? (next.next().value ?? missing) : uncarriable));
  };
  if (outcome.kind === 'refused-post') {
    return { ...outcome, rejected: withOthers(outcome.rejected ?? [], undefined) };
  }
  return { ...outcome, verdicts: withOthers(outcome.verdicts, { kind: 'unknown', reply: '' }) };
};
