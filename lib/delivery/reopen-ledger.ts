import type { Ledger } from './ledger.ts';
import { indicesOf, withState } from './ledger-states.ts';

/** Whether a code stands for somebody who did not get the post although it was meant for them: who has left the list is none. */
export const isMissed = (code: string): boolean => /^(refused|expired|rejected)\b/.test(code);

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
  return {
    ...ledger,
    attempt,
    reopened: attempt,
    done: false,
    give_up: now.getTime() + period * 1000,
    states: missed.reduce((states, index) => withState(states, index, 'open'), ledger.states),
    codes: Object.fromEntries(Object.entries(ledger.codes).filter(([code]) => !isMissed(code))),
    reported: 0,
  };
};

/** Whether a ledger was reopened and nobody has ended an attempt since: its message may have been lost with who reopened it. */
export const isFreshlyReopened = ({ done, attempt, reopened: at }: Ledger): boolean =>
  !done && at === attempt;
