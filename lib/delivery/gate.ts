import type { Clock } from '../clock/clock.ts';
import type { Parking } from '../store/store.ts';
import type { Parked } from './parked.ts';

/** Whether a chunk may be tried now. */
export type Passage =
  | { readonly kind: 'free' }
  /** Delivery is parked, and this chunk is the one that finds out whether it still has to be. */
  | { readonly kind: 'probe'; readonly parked: Parked }
  | { readonly kind: 'wait'; readonly seconds: number };

/** What the gate asks and knows. */
export interface Gate {
  readonly parking: Parking;
  readonly clock: Clock;
  /** Until when an invocation that probes may take; when it dies, another one probes after that. */
  readonly probeEnd: Date;
  /** The longest wait, in seconds. */
  readonly longest: number;
}

const secondsUntil = (until: number, { clock, longest }: Gate): number =>
  Math.min(longest, Math.max(0, Math.ceil((until - clock.now().getTime()) / 1000)));

/** Asks once whether delivery is parked; when its time has passed, one of those who ask gets the probe. */
export const askToPass = async (gate: Gate): Promise<Passage> => {
  const { parking, clock, probeEnd } = gate;
  const parked = await parking.read();
  if (parked === undefined) return { kind: 'free' };
  if (clock.now().getTime() < parked.until)
    return { kind: 'wait', seconds: secondsUntil(parked.until, gate) };
  const probe = await parking.probe(parked, probeEnd);
  return probe === undefined
    ? { kind: 'wait', seconds: secondsUntil(probeEnd.getTime(), gate) }
    : { kind: 'probe', parked: probe };
};

/** Gives a probe back that found nothing to try, so that another chunk can take it at once. */
export const giveBackProbe = async (passage: Passage, { parking, clock }: Gate): Promise<void> => {
  if (passage.kind === 'probe') await parking.probe(passage.parked, clock.now());
};
