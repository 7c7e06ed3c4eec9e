import type { Site } from '../config/site.ts';
import type { DeliveryPlan } from '../delivery/delivery-plan.ts';
import type { Ledger } from '../delivery/ledger.ts';
import type { Store } from '../store/store.ts';
import { forEachChunk, type LedgerPorts } from './chunks.ts';
import type { Roster } from './mail-record.ts';
import { outcomesOf } from './outcome.ts';

/** What reporting on a delivery needs of the world. */
export interface DeliveryReportPorts extends LedgerPorts {
  readonly store: Pick<Store, 'ledgers' | 'parking'>;
  readonly site: Pick<Site, 'delivery'>;
}

/** That delivery is parked, because the relay or Amazon SES refuses us; times in ISO 8601. */
export interface ParkedReport {
  readonly reason: string;
  readonly since: string;
  readonly until: string;
}

/** How the delivery of a post stands. */
export interface DeliveryReport {
  readonly recipients: number;
  readonly chunks: number;
  readonly plan: DeliveryPlan;
  /** By what the site delivers now. */
  readonly transport: Site['delivery']['transport'];
  readonly sender: string;
  readonly delivered: number;
  /** Put off, and to be tried again. */
  readonly waits: number;
  readonly not_tried: number;
  /** Refused for good: the recipient, or the post. */
  readonly refused: number;
  readonly given_up: number;
  /** Who left the list before the post could be delivered to them. */
  readonly left: number;
  /** How many may have got the post twice, because a process died while the relay had it. */
  readonly possibly_doubled: number;
  /** How many recipients stand under which code of the ledger; who has the post is not counted. */
  readonly replies: Readonly<Record<string, number>>;
  /** Chunks whose ledgers have expired: nothing is known of their recipients any more. */
  readonly forgotten_chunks: number;
  /** When delivery began: since then those wait who wait. */
  readonly began_at: string;
  /** Undefined when nobody waits. */
  readonly waiting:
    | {
        /** Chunks that somebody delivers at this moment. */
        readonly chunks_under_way: number;
        /** How often those who were put off have been tried. */
        readonly attempts: number;
        /** When the first of them are due to be tried next; undefined when it is not known, or when they are due already. */
        readonly next_attempt_at: string | undefined;
        /** The latest moment of the next attempt, unless the queues are behind. */
        readonly next_attempt_by: string;
        /** When the first of them are given up; undefined until the first attempt. */
        readonly give_up_at: string | undefined;
        readonly parked: ParkedReport | undefined;
      }
    | undefined;
}

const moment = (ms: number): string => new Date(ms).toISOString();

/** What is parked, as a report tells it. */
export const readParked = async ({
  store,
}: {
  readonly store: Pick<Store, 'parking'>;
}): Promise<ParkedReport | undefined> => {
  const parked = await store.parking.read();
  return parked === undefined
    ? undefined
    : { reason: parked.reason, since: moment(parked.since), until: moment(parked.until) };
};

const waitingOf = async (
  unfinished: readonly Ledger[],
  ports: DeliveryReportPorts,
): Promise<DeliveryReport['waiting']> => {
  if (unfinished.length === 0) return undefined;
  const now = ports.clock.now().getTime();
  const parked = await readParked(ports);
  const ends = unfinished.flatMap(({ give_up }) => (give_up === undefined ? [] : [give_up]));
  const next = Math.max(now, parked === undefined ? 0 : Date.parse(parked.until));
  const due = unfinished.flatMap(({ again_at = 0 }) => (again_at > now ? [Math.max(next, again_at)] : []));
  return {
    chunks_under_way: unfinished.filter(({ lease_end }) => lease_end > now).length,
    attempts: Math.max(...unfinished.map(({ attempt }) => attempt)),
    next_attempt_at: due.length === 0 ? undefined : moment(Math.min(...due)),
    // A retry is sent with this delay when an attempt has ended, and a parked chunk comes back after it (design, rule 10).
    next_attempt_by: moment(next + ports.site.delivery.retry_delay * 1000),
    give_up_at: ends.length === 0 ? undefined : moment(Math.min(...ends)),
    parked,
  };
};

const names = {
  delivered: 'delivered',
  waits: 'waits',
  'not tried': 'not_tried',
  refused: 'refused',
  'given up': 'given_up',
  left: 'left',
} as const;

/** Reports how the delivery of a post stands, from its ledgers. */
export const reportDelivery = async (
  id: string,
  roster: Roster,
  ports: DeliveryReportPorts,
): Promise<DeliveryReport> => {
  const counts = { delivered: 0, waits: 0, not_tried: 0, refused: 0, given_up: 0, left: 0 };
  const replies: Record<string, number> = {};
  const unfinished: Ledger[] = [];
  let possibly_doubled = 0;
  let forgotten_chunks = 0;
  await forEachChunk(id, roster, ports, async (_, ledger) => {
    if (ledger === undefined) {
      forgotten_chunks += 1;
      return;
    }
    for (const { state, code } of outcomesOf(ledger)) {
      counts[names[state]] += 1;
      if (code !== undefined) replies[code] = (replies[code] ?? 0) + 1;
    }
    possibly_doubled += ledger.possibly_doubled;
    if (!ledger.done) unfinished.push(ledger);
  });
  const { recipients, chunks, plan, sender } = roster;
  return {
    recipients,
    chunks,
    plan,
    transport: ports.site.delivery.transport,
    sender,
    ...counts,
    possibly_doubled,
    replies,
    forgotten_chunks,
    began_at: roster.committed_at,
    waiting: await waitingOf(unfinished, ports),
  };
};
