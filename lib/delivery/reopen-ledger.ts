import type { Ledger } from './ledger.ts';
import { isMissed } from './ledger-codes.ts';
import { dropIndex, indicesOf, setState } from './ledger-states.ts';

/** The indices of those whose delivery ended without their having got the post. */
export const missedIn = ({ codes, size }: Pick<Ledger, 'codes' | 'size'>): readonly number[] =>
  Object.entries(codes)
    .filter(([code]) => isMissed(code))
    .flatMap(([, bitmap]) => indicesOf(bitmap, size))
    .sort((a, b) => a - b);

/**
 * A ledger that is done, opened again for those who missed the post: they are open as on the first day, in an attempt and a time of
 * their own. Undefined when nobody missed it, or when it is not done.
 */
export const reopened = (
  ledger: Ledger,
  { now, period }: { readonly now: Date; readonly period: number },
): Ledger | undefined => {
  const missed = missedIn(ledger);
  if (!ledger.done || missed.length === 0) return undefined;
  const attempt = ledger.attempt + 1;
  const states = Uint8Array.from(ledger.states);
  const reported = Uint8Array.from(ledger.reported);
  for (const index of missed) {
    setState(states, index, 'open');
    dropIndex(reported, index);
  }
  return {
    ...ledger,
    attempt,
    reopened: attempt,
    done: false,
    give_up: now.getTime() + period * 1000,
    states,
    codes: Object.fromEntries(Object.entries(ledger.codes).filter(([code]) => !isMissed(code))),
    reported,
  };
};

/** Whether a ledger was reopened and nobody has ended an attempt since: its message may have been lost with who reopened it. */
export const isFreshlyReopened = ({ done, attempt, reopened: at }: Ledger): boolean =>
  !done && at === attempt;
