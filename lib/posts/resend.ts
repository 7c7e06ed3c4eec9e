import type { Blobs } from '../blobs/blobs.ts';
import { postKey, rosterKey } from '../blobs/keys.ts';
import type { Site } from '../config/site.ts';
import type { Ledger } from '../delivery/ledger.ts';
import { isAtRest, isFreshlyReopened } from '../delivery/reopen-ledger.ts';
import type { ChunkMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { forEachChunk, type LedgerPorts } from './chunks.ts';
import type { MailRecord, Roster } from './mail-record.ts';
import { isWithoutPost, outcomesOf } from './outcome.ts';

/** What sending a post again needs of the world. */
export interface ResendPorts extends LedgerPorts {
  /** Of the list it asks only whether there is one. */
  readonly store: Pick<Store, 'ledgers'> & {
    readonly lists: { readonly uncounted: (listId: string) => Promise<unknown> };
  };
  readonly blobs: () => Promise<Pick<Blobs, 'get'>>;
  readonly queues: () => Promise<Queues>;
  readonly site: Pick<Site, 'mta'>;
}

/** A post that cannot be sent again; the message is a sentence for the person who wants it. */
export class ResendError extends Error {
  override readonly name = 'ResendError';
}

/** What of the record of a mail tells which post it is. */
type Post = Pick<MailRecord, 'id' | 'list_id'>;

/** What is sent again, or would be. */
export interface Resent {
  /** How many people it is sent to. */
  readonly recipients: number;
  /** How many were refused in chunks that are not at rest: they can be sent to when those are. */
  readonly not_yet: number;
  readonly chunks: number;
  /** Chunks that somebody delivers at this moment, and that are left to them. */
  readonly under_way: number;
  /** Chunks of which nothing is known any more, so that they are not sent. */
  readonly forgotten_chunks: number;
  /** When what is needed expires, if that is before they would be given up. */
  readonly expires_at: string | undefined;
}

/** A chunk with somebody who has not got the post: it is opened again for those who were refused, and only hurried where all wait, or where it cannot be opened. */
interface Open {
  readonly ledger: Ledger;
  readonly reopens: boolean;
  readonly recipients: number;
  readonly notYet: number;
}

interface Survey {
  readonly open: readonly Open[];
  readonly underWay: number;
  readonly forgotten: number;
}

/** Whom a chunk would be sent to. An attempt that cannot be opened anew tries those who wait, and leaves alone whom it has refused. */
const openIn = (ledger: Ledger): Open => {
  const without = outcomesOf(ledger).filter(isWithoutPost);
  const waiting = without.filter(({ state }) => state === 'waits' || state === 'not tried');
  const refused = without.length - waiting.length;
  const reopens = refused > 0 && isAtRest(ledger) && !isFreshlyReopened(ledger);
  return reopens
    ? { ledger, reopens, recipients: without.length, notYet: 0 }
    : { ledger, reopens, recipients: waiting.length, notYet: refused };
};

const survey = async (record: Post, roster: Roster, ports: ResendPorts): Promise<Survey> => {
  const now = ports.clock.now().getTime();
  const open: Open[] = [];
  let underWay = 0;
  let forgotten = 0;
  await forEachChunk(record.id, roster, ports, async (_, ledger) => {
    if (ledger === undefined) forgotten += 1;
    else if (ledger.lease_end > now) underWay += 1;
    else {
      const found = openIn(ledger);
      if (found.recipients > 0) open.push(found);
    }
  });
  return { open, underWay, forgotten };
};

/** Everything is looked for before anything is changed, so that a post that cannot be sent is left as it is. */
const assertWhole = async (
  record: Post,
  roster: Roster,
  { open, forgotten }: Survey,
  ports: ResendPorts,
): Promise<void> => {
  if (roster.chunks > 0 && forgotten === roster.chunks) {
    throw new ResendError(
      `Who got the post ${record.id} is not known any more, so that it is sent to nobody: it has expired`,
    );
  }
  if (open.length === 0) return;
  if ((await ports.store.lists.uncounted(record.list_id)) === undefined) {
    throw new ResendError(
      `The list ${record.list_id} does not exist any more, so that it has nobody to send to`,
    );
  }
  const bytes = await ports.blobs();
  if ((await bytes.get(postKey(record.id, roster.attempt))) === undefined) {
    throw new ResendError(
      `The bytes of the post ${record.id} have expired, so that it cannot be sent any more`,
    );
  }
  for (const { ledger } of open) {
    if ((await bytes.get(rosterKey(record.id, roster.attempt, ledger.chunk))) === undefined) {
      throw new ResendError(
        `The roster of chunk ${ledger.chunk} of the post ${record.id} has expired, so that it cannot be sent any more`,
      );
    }
  }
};

const resentOf = ({ open, underWay, forgotten }: Survey, { clock, site }: ResendPorts): Resent => {
  const giveUp = clock.now().getTime() + site.mta.delivery_retry_period * 1000;
  const expires = Math.min(...open.map(({ ledger }) => ledger.expires * 1000));
  return {
    recipients: open.reduce((sum, { recipients }) => sum + recipients, 0),
    not_yet: open.reduce((sum, { notYet }) => sum + notYet, 0),
    chunks: open.length,
    under_way: underWay,
    forgotten_chunks: forgotten,
    expires_at: expires < giveUp ? new Date(expires).toISOString() : undefined,
  };
};

/** The message for the attempt at which a ledger stands. What has passed of its time does not count: whoever resends wants a whole one. */
const messageFor = (record: Post, roster: Roster, ledger: Ledger, ports: ResendPorts): ChunkMessage => {
  const now = ports.clock.now().getTime();
  const began = (ledger.give_up ?? Number.POSITIVE_INFINITY) - ports.site.mta.delivery_retry_period * 1000;
  const passed = Math.floor((now - began) / 1000);
  return {
    v: 1,
    type: 'chunk',
    queue: 'out',
    id: record.id,
    listid: record.list_id,
    roster: roster.attempt,
    chunk: ledger.chunk,
    attempt: ledger.attempt,
    sender: roster.sender,
    plan: roster.plan,
    ...(passed > 0 ? { parked: passed } : {}),
  };
};

/** Tells to whom {@link resendMissed} would send. */
export const planResend = async (record: Post, roster: Roster, ports: ResendPorts): Promise<Resent> => {
  const found = await survey(record, roster, ports);
  await assertWhole(record, roster, found, ports);
  return resentOf(found, ports);
};

// Enough to fill a batch of ten messages.
const atOnce = 10;

/**
 * Sends a post to those who did not get it, and to nobody else. A chunk that has refused somebody is opened for them by one conditional write,
 * and then its message is sent; whoever dies in between leaves a ledger that says so, and the next call sends the message, or that of those who wait serves all. A
 * chunk in which all wait gets one more message for the attempt at which it stands: they are tried now, and a
 * message that was lost is replaced. Of several messages for one attempt only one does anything (design, rule 10), so that two calls
 * at once double nobody.
 * @throws ResendError when what is needed has expired; then nothing has been changed.
 */
export const resendMissed = async (record: Post, roster: Roster, ports: ResendPorts): Promise<Resent> => {
  const found = await survey(record, roster, ports);
  await assertWhole(record, roster, found, ports);
  const queues = await ports.queues();
  const at = { now: ports.clock.now(), period: ports.site.mta.delivery_retry_period };
  const sent: Open[] = [];
  for (let start = 0; start < found.open.length; start += atOnce) {
    const wave = await Promise.all(
      found.open.slice(start, start + atOnce).map(async (one): Promise<readonly Open[]> => {
        const ledger = one.reopens ? await ports.store.ledgers.reopen(one.ledger, at) : one.ledger;
        return ledger === undefined ? [] : [{ ...one, ledger }];
      }),
    );
    const opened = wave.flat();
    if (opened.length > 0) {
      await queues.send(opened.map(({ ledger }) => messageFor(record, roster, ledger, ports)));
    }
    sent.push(...opened);
  }
  return resentOf({ ...found, open: sent }, ports);
};
