import type { Ledger } from './ledger.ts';
import { isMissed } from './ledger-codes.ts';
import { dropIndex, indicesOf, setState } from './ledger-states.ts';

/** The indices of those whose delivery ended without their having got the post. */
const missedIn = ({ codes, size }: Pick<Ledger, 'codes' | 'size'>): readonly number[] =>
  Object.entries(codes)
    .filter(([code]) => isMissed(code))
    .flatMap(([, bitmap]) => indicesOf(bitmap, size))
    .sort((a, b) => a - b);

/** Whether a ledger can be opened again: nobody holds it, or did when they died. What is in doubt must be settled first. */
export const isAtRest = ({ lease_end }: Pick<Ledger, 'lease_end'>): boolean => lease_end === 0;

/**
 * A ledger opened again for those who missed the post: they are open as on the first day. One that is done begins an attempt and a time of its own. One in which
 * others still wait stays at the attempt for which they have a message: whoever dies before they send another one has held up nobody. Undefined when nobody missed
 * the post, or when somebody holds the ledger.
 */
export const reopened = (
  ledger: Ledger,
  { now, period }: { readonly now: Date; readonly period: number },
): Ledger | undefined => {
  const missed = missedIn(ledger);
  if (!isAtRest(ledger) || missed.length === 0) return undefined;
  const states = Uint8Array.from(ledger.states);
  const reported = Uint8Array.from(ledger.reported);
  for (const index of missed) {
    setState(states, index, 'open');
    dropIndex(reported, index);
  }
  const codes = Object.fromEntries(Object.entries(ledger.codes).filter(([code]) => !isMissed(code)));
  const open = { ...ledger, states, codes, reported };
  if (!ledger.done) return open;
  const attempt = ledger.attempt + 1;
  return { ...open, attempt, reopened: attempt, done: false, give_up: now.getTime() + period * 1000 };
};

/** Whether a ledger was reopened and nobody has ended an attempt since: its message may have been lost with who reopened it. */
export const isFreshlyReopened = ({ done, attempt, reopened: at }: Ledger): boolean =>
  !done && at === attempt;
