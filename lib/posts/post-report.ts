import { addressKey } from '../addresses/email-address.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { rosterKey } from '../blobs/keys.ts';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import type { RecipientState } from '../delivery/ledger.ts';
import { codeAt, countCodes, countStates, stateAt } from '../delivery/ledger-states.ts';
import { readRoster } from '../delivery/roster.ts';
import type { Store } from '../store/store.ts';
import type { MailRecord, Roster } from './mail-record.ts';

/** What reporting reads. */
export interface ReportPorts {
  readonly store: Pick<Store, 'mails' | 'arrivals' | 'ledgers'>;
  readonly blobs: () => Promise<Pick<Blobs, 'get'>>;
}

/** How the delivery of a post stands. */
export interface DeliveryReport {
  readonly recipients: number;
  readonly chunks: number;
  readonly delivered: number;
  /** To be tried again. */
  readonly deferred: number;
  /** Refused for good, or given up. */
  readonly refused: number;
  /** Not tried yet. */
  readonly open: number;
  /** How many may have got the post twice, because a process died while the relay had it. */
  readonly possibly_doubled: number;
  /** Reply codes of the relay, and how many recipients got each. */
  readonly replies: Readonly<Record<string, number>>;
  /** Chunks whose ledgers have expired: nothing is known of their recipients any more. */
  readonly forgotten_chunks: number;
}

/** How it stands with one recipient. */
export type MemberReport =
  | { readonly kind: 'no recipient' }
  /** The roster has expired. */
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'recipient';
      readonly state: RecipientState | 'expired';
      readonly reply: string | undefined;
    };

/** What became of a mail. */
export interface PostReport {
  readonly record: MailRecord;
  /** How often the same mail came again, and was not taken a second time; undefined when that is forgotten. */
  readonly repeats: number | undefined;
  /** Undefined while the post is not made. */
  readonly delivery: DeliveryReport | undefined;
  readonly member: MemberReport | undefined;
}

/**
 * The mails that a person means by an id or by a Message-ID, with angle brackets or without. One Message-ID may be that of
 * several mails: one for each list it went to.
 */
export const findMails = async (
  store: Pick<Store, 'mails'>,
  named: string,
): Promise<readonly MailRecord[]> => {
  const record = await store.mails.get(named);
  if (record !== undefined) return [record];
  const bare = named.replace(/^<(.*)>$/s, '$1');
  const found = new Map<string, MailRecord>();
  for (const form of new Set([named, bare, `<${bare}>`])) {
    for await (const one of store.mails.byMessageId(form)) {
      // The index cuts what is very long.
      if (one.message_id === form) found.set(one.id, one);
    }
  }
  return [...found.values()];
};

// Enough to hide the latency of DynamoDB and S3 for the 500 chunks of a list of 100,000.
const readsAtOnce = 16;

const chunksOf = (roster: Roster): readonly number[] =>
  Array.from({ length: roster.chunks }, (_, chunk) => chunk);

const reportDelivery = async (
  id: string,
  roster: Roster,
  { store }: ReportPorts,
): Promise<DeliveryReport> => {
  const states = { delivered: 0, deferred: 0, ended: 0, open: 0 };
  const replies: Record<string, number> = {};
  let possibly_doubled = 0;
  let forgotten_chunks = 0;
  await forEachAtOnce(chunksOf(roster), readsAtOnce, async (chunk) => {
    const ledger = await store.ledgers.get(id, roster.attempt, chunk);
    if (ledger === undefined) {
      forgotten_chunks += 1;
      return;
    }
    const counted = countStates(ledger.states, ledger.size);
    states.delivered += counted.delivered;
    states.deferred += counted.deferred;
    states.ended += counted.ended;
    states.open += counted.open;
    possibly_doubled += ledger.possibly_doubled;
    for (const [code, count] of Object.entries(countCodes(ledger.codes))) {
      replies[code] = (replies[code] ?? 0) + count;
    }
  });
  const { ended: refused, ...others } = states;
  const { recipients, chunks } = roster;
  return { recipients, chunks, ...others, refused, possibly_doubled, replies, forgotten_chunks };
};

const reportMember = async (
  id: string,
  roster: Roster,
  address: string,
  { store, blobs }: ReportPorts,
): Promise<MemberReport> => {
  const bytes = await blobs();
  const wanted = addressKey(address);
  let at: { readonly chunk: number; readonly index: number } | undefined;
  let expired = false;
  await forEachAtOnce(chunksOf(roster), readsAtOnce, async (chunk) => {
    if (at !== undefined) return;
    const entries = await bytes.get(rosterKey(id, roster.attempt, chunk));
    if (entries === undefined) {
      expired = true;
      return;
    }
    const index = readRoster(entries).findIndex(({ email }) => addressKey(email) === wanted);
    if (index !== -1) at = { chunk, index };
  });
  if (at === undefined) return { kind: expired ? 'expired' : 'no recipient' };
  const ledger = await store.ledgers.get(id, roster.attempt, at.chunk);
  return {
    kind: 'recipient',
    state: ledger === undefined ? 'expired' : stateAt(ledger.states, at.index),
    reply: ledger === undefined ? undefined : codeAt(ledger.codes, at.index),
  };
};

/** Reports what became of a mail, and of one recipient when one is named. */
export const reportPost = async (
  record: MailRecord,
  ports: ReportPorts,
  member?: string,
): Promise<PostReport> => {
  const { id, digest, roster } = record;
  const arrival = digest === undefined ? undefined : await ports.store.arrivals.get(digest);
  return {
    record,
    repeats: arrival?.repeats,
    delivery: roster === undefined ? undefined : await reportDelivery(id, roster, ports),
    member:
      roster === undefined || member === undefined
        ? undefined
        : await reportMember(id, roster, member, ports),
  };
};
