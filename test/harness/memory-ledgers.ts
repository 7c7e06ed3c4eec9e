import type { Ledger } from '../../lib/delivery/ledger.ts';
import type { Parked } from '../../lib/delivery/parked.ts';
import { isFreshlyReopened, reopened } from '../../lib/delivery/reopen-ledger.ts';
import type { Ledgers, Parking } from '../../lib/store/store.ts';

/**
 * Ledgers in memory, for tests that open a hundred thousand of them. They have the conditions of `lib/store/ledgers.ts`, and are held to the same
 * promises (`test/store/behaviour/ledgers.ts`).
 */
export const memoryLedgers = (): Ledgers => {
  const kept = new Map<string, Ledger & { readonly begun: boolean }>();
  const keyOf = ({ id, roster, chunk }: Pick<Ledger, 'id' | 'roster' | 'chunk'>) =>
    `${id} ${roster} ${chunk}`;
  const read = (key: string): Ledger | undefined => {
    const found = kept.get(key);
    if (found === undefined) return undefined;
    const { begun: _begun, ...ledger } = found;
    return ledger;
  };
  return {
    open: async (ledgers) => {
      for (const ledger of ledgers) kept.set(keyOf(ledger), { ...ledger, begun: false });
    },
    get: async (id, roster, chunk) => read(keyOf({ id, roster, chunk })),
    claim: async (claim) => {
      const key = keyOf(claim);
      const found = kept.get(key);
      if (found === undefined) return { kind: 'gone' };
      const { attempt, owner, leaseEnd, period } = claim;
      const now = claim.now.getTime();
      if (found.attempt === attempt && !found.done && found.lease_end < now) {
        const give_up = found.begun ? found.give_up : now + period * 1000;
        const lapsed = found.lease_end > 0;
        const lease_end = leaseEnd.getTime();
        kept.set(key, { ...found, owner, lease_end, epoch: found.epoch + 1, give_up, begun: true });
        const ledger = read(key);
        if (ledger !== undefined) return { kind: 'claimed', ledger, lapsed };
      }
      if (found.done || found.attempt > attempt) return { kind: 'over' };
      return { kind: 'held', until: new Date(Math.max(found.lease_end, now + 1000)) };
    },
    write: async (ledger, verdicts) => {
      const found = kept.get(keyOf(ledger));
      if (found?.epoch !== ledger.epoch) return false;
      const { states, codes, reported, possibly_doubled, attempt, done, lease_end } = verdicts;
      kept.set(keyOf(ledger), {
        ...found,
        ...{ states, codes, reported, possibly_doubled, attempt, done, lease_end },
      });
      return true;
    },
    reopen: async (ledger, at) => {
      if (isFreshlyReopened(ledger)) return ledger;
      const after = reopened(ledger, at);
      if (after === undefined) return undefined;
      const key = keyOf(ledger);
      const found = kept.get(key);
      if (found?.epoch === ledger.epoch && found.attempt === ledger.attempt && found.done === ledger.done) {
        kept.set(key, { ...after, begun: true });
        return after;
      }
      const now = read(key);
      return now !== undefined && isFreshlyReopened(now) ? now : undefined;
    },
  };
};

/** Parking in memory, with the conditions of `lib/store/parking.ts`. */
export const memoryParking = (): Parking => {
  let kept: Parked | undefined;
  return {
    read: async () => kept,
    park: async ({ reason, now, until }) => {
      kept = {
        queue: 'out',
        reason,
        since: kept?.since ?? now.getTime(),
        until: until.getTime(),
        epoch: (kept?.epoch ?? 0) + 1,
      };
      return kept;
    },
    probe: async (parked, until) => {
      if (kept?.epoch !== parked.epoch) return undefined;
      kept = { ...kept, until: until.getTime(), epoch: kept.epoch + 1 };
      return kept;
    },
    resume: async (parked) => {
      if (parked !== undefined && kept?.epoch !== parked.epoch) return undefined;
      const ended = kept;
      kept = undefined;
      return ended;
    },
  };
};
