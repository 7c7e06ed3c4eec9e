import type { Ledger } from '../delivery/ledger.ts';
import { codeAt, stateAt } from '../delivery/ledger-states.ts';

/** How it stands with one recipient of a post. */
const outcomeStates = ['delivered', 'waits', 'refused', 'given up', 'left', 'not tried'] as const;
export type OutcomeState = (typeof outcomeStates)[number];

/** How it stands with one recipient, and the code under which the ledger noted the last reply. */
export interface Outcome {
  readonly state: OutcomeState;
  readonly code?: string;
}

const endOf = (code: string | undefined): OutcomeState => {
  if (code === 'left') return 'left';
  return code?.startsWith('expired') === true ? 'given up' : 'refused';
};

/** What a ledger says of the recipient at an index. */
export const outcomeAt = ({ states, codes }: Pick<Ledger, 'states' | 'codes'>, index: number): Outcome => {
  const code = codeAt(codes, index);
  const said = code === undefined ? {} : { code };
  switch (stateAt(states, index)) {
    case 'delivered':
      return { state: 'delivered' };
    case 'deferred':
      return { state: 'waits', ...said };
    case 'ended':
      return { state: endOf(code), ...said };
    case 'open':
      return { state: 'not tried' };
  }
};

/** What a ledger says of each of its recipients, by index. */
export const outcomesOf = (ledger: Pick<Ledger, 'states' | 'codes' | 'size'>): readonly Outcome[] =>
  Array.from({ length: ledger.size }, (_, index) => outcomeAt(ledger, index));

/** Whether a recipient has not got the post, and was to: who has left was not. */
export const isWithoutPost = ({ state }: Outcome): boolean => state !== 'delivered' && state !== 'left';
