import type { Ledger, LedgerVerdicts } from './ledger.ts';
import {
  countCodes,
  countStates,
  indicesIn,
  indicesOf,
  stateAt,
  withCode,
  withState,
} from './ledger-states.ts';
import { codesOf, replyCode } from './smtp-replies.ts';
import type { TransactionOutcome } from './transport.ts';
import type { Verdict } from './verdict.ts';

/**
 * How far one attempt to deliver a chunk has come: pure data, moved on by each transaction. What it holds beyond the
 * ledger is who is left to be tried in this attempt, and how many the relay takes at a time.
 */
export interface ChunkProgress {
  readonly size: number;
  readonly states: Uint8Array;
  /** Outcome and reply codes, such as `rejected 550 5.1.1` -> the indices they apply to. */
  readonly codes: Readonly<Record<string, Uint8Array>>;
  readonly reported: number;
  readonly possiblyDoubled: number;
  /** The indices not yet tried in this attempt, in order. */
  readonly pending: readonly number[];
  readonly batchSize: number;
}

/**
 * The beginning of an attempt. When the lease of a holder that died has lapsed, the batch that it had on the wire is the
 * first of those who are left, and will be sent again: it is counted as possibly doubled.
 */
export const beginAttempt = (
  ledger: Ledger,
  { maxRecipients, lapsed }: { readonly maxRecipients: number; readonly lapsed: boolean },
): ChunkProgress => {
  const pending = indicesIn(ledger.states, ledger.size, ['open', 'deferred']);
  return {
    size: ledger.size,
    states: ledger.states,
    codes: ledger.codes,
    reported: ledger.reported,
    possiblyDoubled: ledger.possibly_doubled + (lapsed ? Math.min(maxRecipients, pending.length) : 0),
    pending,
    batchSize: maxRecipients,
  };
};

/** The recipients of the next transaction, by index; empty when everybody has been tried. */
export const nextBatch = ({ pending, batchSize }: ChunkProgress): readonly number[] =>
  pending.slice(0, batchSize);

const noted = (progress: ChunkProgress, index: number, verdict: Verdict): ChunkProgress => {
  switch (verdict.kind) {
    case 'delivered':
      return { ...progress, states: withState(progress.states, index, 'delivered') };
    case 'rejected':
      return endedAs(progress, index, `rejected ${codesOf(verdict.reply)}`);
    case 'deferred':
    case 'unknown':
      return {
        ...progress,
        states: withState(progress.states, index, 'deferred'),
        codes: withCode(progress.codes, progress.size, index, `deferred ${codesOf(verdict.reply)}`),
        possiblyDoubled: progress.possiblyDoubled + (verdict.kind === 'unknown' ? 1 : 0),
      };
  }
};

/** True for "too many recipients" (RFC 5321, section 4.5.3.1.10): about the transaction, not about the recipient. */
const isTooMany = (verdict: Verdict): boolean =>
  verdict.kind === 'deferred' && verdict.at === 'rcpt' && [452, 552].includes(replyCode(verdict.reply));

const wasAccepted = (verdict: Verdict): boolean => !('at' in verdict && verdict.at === 'rcpt');

/** What is known after a transaction with the given batch. */
export const afterTransaction = (
  progress: ChunkProgress,
  batch: readonly number[],
  outcome: Exclude<TransactionOutcome, { kind: 'refused-us' | 'not-now' }>,
): ChunkProgress => {
  if (outcome.kind === 'refused-post') return refused(progress, outcome.reply);
  const { verdicts } = outcome;
  const accepted = verdicts.filter(wasAccepted).length;
  const later = accepted > 0 ? batch.filter((_, position) => isTooMany(verdicts[position] ?? lost)) : [];
  let moved: ChunkProgress = {
    ...progress,
    pending: [...later, ...progress.pending.filter((index) => !batch.includes(index))],
    batchSize: later.length > 0 ? Math.min(accepted, progress.batchSize) : progress.batchSize,
  };
  for (const [position, index] of batch.entries()) {
    if (!later.includes(index)) moved = noted(moved, index, verdicts[position] ?? lost);
  }
  return verdicts.some(isSilence) ? allLater(moved) : moved;
};

/** A position without a verdict would be a fault of the transport; it is tried again rather than forgotten. */
const lost: Verdict = { kind: 'unknown', reply: '' };

const isSilence = (verdict: Verdict): boolean =>
  (verdict.kind === 'deferred' || verdict.kind === 'unknown') && replyCode(verdict.reply) === 0;

const endedAs = (progress: ChunkProgress, index: number, code: string): ChunkProgress => ({
  ...progress,
  states: withState(progress.states, index, 'ended'),
  codes: withCode(progress.codes, progress.size, index, code),
});

/** After a time-out or a broken connection the rest of the chunk is deferred, not tried (design, section 4). */
const allLater = (progress: ChunkProgress): ChunkProgress => {
  let moved: ChunkProgress = { ...progress, pending: [] };
  for (const index of progress.pending) {
    moved = noted(moved, index, { kind: 'deferred', reply: '', at: 'data' });
  }
  return moved;
};

/** The relay refused the post itself: nobody else of the chunk gets it, and it is nobody's bounce (design, rule 9). */
const refused = (progress: ChunkProgress, reply: string): ChunkProgress => {
  let moved: ChunkProgress = { ...progress, pending: [] };
  for (const index of progress.pending) moved = endedAs(moved, index, `refused ${codesOf(reply)}`);
  return moved;
};

/** Nobody is tried any more: who is still deferred is given up. */
export const giveUp = (progress: ChunkProgress): ChunkProgress => {
  let given: ChunkProgress = { ...progress, pending: [] };
  for (const [code, bitmap] of Object.entries(progress.codes)) {
    for (const index of indicesOf(bitmap, progress.size)) {
      if (stateAt(progress.states, index) !== 'deferred') continue;
      given = endedAs(given, index, code.replace(/^deferred/, 'expired'));
    }
  }
  return given;
};

/** How many are to be tried again in another attempt. */
export const deferredCount = (progress: ChunkProgress): number =>
  countStates(progress.states, progress.size).deferred;

const isReportable = (code: string): boolean => /^(rejected|expired)\b/.test(code);

/** How many recipients were refused or given up, as a bounce event each. */
export const reportableCount = (progress: ChunkProgress): number =>
  Object.entries(countCodes(progress.codes)).reduce(
    (sum, [code, count]) => (isReportable(code) ? sum + count : sum),
    0,
  );

/** The indices of a bounce event each, with the outcome and codes of their last reply. */
export const reportable = (
  progress: ChunkProgress,
): readonly { readonly index: number; readonly code: string }[] =>
  Object.entries(progress.codes)
    .filter(([code]) => isReportable(code))
    .flatMap(([code, bitmap]) => indicesOf(bitmap, progress.size).map((index) => ({ index, code })));

/** What the ledger is to hold now. */
export const verdictsOf = (
  progress: ChunkProgress,
  rest: Pick<LedgerVerdicts, 'attempt' | 'done' | 'lease_end'>,
): LedgerVerdicts => ({
  states: progress.states,
  codes: progress.codes,
  reported: progress.reported,
  possibly_doubled: progress.possiblyDoubled,
  ...rest,
});
