import type { ChunkProgress } from './chunk-progress.ts';
import { ledgerCode, speaksOfRecipient } from './ledger-codes.ts';
import { isOfMailbox, replyCode } from './smtp-replies.ts';
import type { TransactionOutcome } from './transport.ts';
import type { Verdict } from './verdict.ts';

/** The outcomes of a transaction that took place. */
export type Settled = Exclude<TransactionOutcome, { kind: 'refused-us' | 'not-now' }>;

type RefusedPost = Extract<Settled, { kind: 'refused-post' }>;

/** What a transaction that took place means for those that would follow. */
export type Bearing =
  /** Somebody was served. */
  | 'served'
  /** Nobody was, for reasons of each recipient. */
  | 'neutral'
  /** The relay wants to be left alone for now: 4xx to MAIL. */
  | 'slow down'
  /** The relay refused the post itself. */
  | 'refused the post'
  /** There was no reply: whoever tries again only waits again. */
  | 'silent';

const lost: Verdict = { kind: 'deferred', reply: '', at: 'data' };

/**
 * True for "too many recipients" (RFC 5321, section 4.5.3.1.10): about the transaction, not about the recipient. A mailbox that is full has the same number,
 * and another enhanced code.
 */
const isTooMany = (verdict: Verdict): boolean =>
  verdict.kind === 'deferred' &&
  verdict.at === 'rcpt' &&
  [452, 552].includes(replyCode(verdict.reply)) &&
  !isOfMailbox(verdict.reply);

const wasAccepted = (verdict: Verdict): boolean => !('at' in verdict && verdict.at === 'rcpt');

const isSilence = (verdict: Verdict): boolean =>
  (verdict.kind === 'deferred' || verdict.kind === 'unknown') && replyCode(verdict.reply) === 0;

const isPutOffAtMail = (verdict: Verdict): boolean =>
  verdict.kind === 'deferred' && verdict.at === 'mail' && !isSilence(verdict);

const bearingOf = (verdicts: readonly Verdict[]): Bearing => {
  if (verdicts.some(isSilence)) return 'silent';
  if (verdicts.some(({ kind }) => kind === 'delivered')) return 'served';
  return verdicts.some(isPutOffAtMail) ? 'slow down' : 'neutral';
};

const settleVerdicts = (
  progress: ChunkProgress,
  batch: readonly number[],
  given: readonly Verdict[],
): Bearing => {
  const verdicts = batch.map((_, position) => given[position] ?? lost);
  const accepted = verdicts.filter(wasAccepted).length;
  const later: number[] = [];
  for (const [position, index] of batch.entries()) {
    const verdict = verdicts[position] ?? lost;
    if (accepted > 0 && isTooMany(verdict)) later.push(index);
    else progress.note(index, verdict);
  }
  if (later.length > 0) {
    progress.learnSize(accepted);
    progress.putBack(later);
  }
  return bearingOf(verdicts);
};

/**
 * A refusal of the whole transaction is one of the post, and nobody's bounce, unless its code speaks of an address or a mailbox: then of several
 * recipients each is tried alone, and of one it is the recipient who is refused (design, rule 9). It concerns those who had not been refused before.
 */
const settleRefusal = (
  progress: ChunkProgress,
  batch: readonly number[],
  { reply, rejected = [] }: RefusedPost,
): Bearing => {
  const concerned: number[] = [];
  for (const [position, index] of batch.entries()) {
    const verdict = rejected[position];
    if (verdict === undefined) concerned.push(index);
    else progress.note(index, verdict);
  }
  if (speaksOfRecipient(reply)) {
    if (concerned.length > 1) {
      progress.learnSize(1);
      progress.putBack(concerned);
    } else {
      for (const index of concerned) progress.note(index, { kind: 'rejected', reply, at: 'rcpt' });
    }
    return 'neutral';
  }
  for (const index of concerned) progress.end(index, ledgerCode('refused', reply));
  return 'refused the post';
};

/** Writes down what came of a transaction with the given recipients, and says what it means for those to come. */
export const settle = (progress: ChunkProgress, batch: readonly number[], outcome: Settled): Bearing => {
  if (outcome.kind === 'refused-post') return settleRefusal(progress, batch, outcome);
  if (outcome.sentAs !== undefined) progress.sentAs(outcome.sentAs);
  return settleVerdicts(progress, batch, outcome.verdicts);
};

/** The code under which those are noted who are not tried because of what others were told. */
export const codeOfRest = (outcome: Settled): string => {
  if (outcome.kind === 'refused-post') return ledgerCode('refused', outcome.reply);
  const cause = outcome.verdicts.find((verdict) => isSilence(verdict) || isPutOffAtMail(verdict)) ?? lost;
  if (cause.kind === 'delivered') return ledgerCode('deferred', '', 'data');
  return ledgerCode('deferred', cause.reply, cause.kind === 'unknown' ? 'dot' : cause.at);
};
