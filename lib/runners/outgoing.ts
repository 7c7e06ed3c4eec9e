import { addressKey } from '../addresses/email-address.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { postKey, rosterKey } from '../blobs/keys.ts';
import type { Clock } from '../clock/clock.ts';
import type { Site } from '../config/site.ts';
import { chooseModule, isIndividual } from '../delivery/choose-module.ts';
import { ChunkProgress } from '../delivery/chunk-progress.ts';
import { type DeliveryModule, entryAt, type Freight, type MemberLinks } from '../delivery/delivery-module.ts';
import { askToPass, type Gate, giveBackProbe, type Passage } from '../delivery/gate.ts';
import type { Ledger, LedgerVerdicts } from '../delivery/ledger.ts';
import { type RosterEntry, readRoster } from '../delivery/roster.ts';
import { sendChunk } from '../delivery/send-chunk.ts';
import type { Transport } from '../delivery/transport.ts';
import { LaterError } from '../errors/later-error.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { MailLog } from '../maillog/mail-log.ts';
import type { ChunkMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { endAttempt } from './end-attempt.ts';
import { lostChunk } from './lost-chunk.ts';
import { writeVerdicts } from './write-verdicts.ts';

/** What delivering a chunk needs of the world. */
export interface OutgoingPorts {
  readonly store: Pick<Store, 'ledgers' | 'parking' | 'members' | 'shunt' | 'mails' | 'sentIds'>;
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly site: Pick<Site, 'delivery' | 'mta' | 'devmode' | 'retention'>;
  readonly log: MailLog;
  readonly transport: Transport;
  /** The web pages that members' own copies link to, asked only when there are such copies; absent where there are none. */
  readonly links?: () => Promise<MemberLinks | undefined>;
  /** Names this invocation in the ledger. */
  readonly owner: string;
  /** When this invocation is ended by force. */
  readonly deadline: Date;
}

/** A chunk that is ours to deliver. */
export interface Claimed extends Freight {
  readonly ledger: Ledger;
}

const gateOf = ({ store, clock, site, deadline }: OutgoingPorts): Gate => ({
  parking: store.parking,
  clock,
  probeEnd: leaseEndOf({ site, deadline }),
  longest: site.delivery.retry_delay,
});

const leaseEndOf = ({ site, deadline }: Pick<OutgoingPorts, 'site' | 'deadline'>): Date =>
  new Date(deadline.getTime() + site.delivery.lease_margin * 1000);

/**
 * Delivers one chunk: claims its ledger, sends to those who have not been served, and writes down each verdict before its connection goes on
 * (design, rules 7 to 10). While delivery is parked the chunk waits, and neither its attempt nor its time runs on.
 * @throws ShuntError when the ledger, the roster or the post is gone; LaterError when somebody else holds the chunk.
 */
export const runOutgoing = async (message: ChunkMessage, ports: OutgoingPorts): Promise<void> => {
  const gate = gateOf(ports);
  const passage = await askToPass(gate);
  if (passage.kind === 'wait') return sendLater(message, passage.seconds, passage.seconds, ports);
  const { id, roster, chunk, attempt } = message;
  const claim = await ports.store.ledgers.claim({
    id,
    roster,
    chunk,
    attempt,
    owner: ports.owner,
    now: ports.clock.now(),
    leaseEnd: gate.probeEnd,
    period: ports.site.mta.delivery_retry_period,
  });
  if (claim.kind !== 'claimed') await giveBackProbe(passage, gate);
  switch (claim.kind) {
    case 'gone':
      throw new ShuntError(
        `The ledger of chunk ${chunk} is gone, so that nobody knows who was served; it is not sent again by itself.`,
      );
    case 'over':
      return;
    case 'held':
      throw new LaterError(`Chunk ${chunk} is held by another invocation`, claim.until);
    case 'claimed': {
      const { ledger, lapsed } = claim;
      const freight = await freightOf(message, ledger, ports).catch(async (error: unknown) => {
        // Nothing was sent. Whoever mends it, or whatever comes again by itself, need not wait until the lease ends.
        await giveBackProbe(passage, gate);
        await ports.store.ledgers.write(ledger, untouched(ledger, lapsed));
        throw error;
      });
      return deliver({ message, ledger, ...freight }, { passage, gate, lapsed }, ports);
    }
  }
};

const freightOf = async (
  message: ChunkMessage,
  ledger: Ledger,
  { blobs }: Pick<OutgoingPorts, 'blobs'>,
): Promise<{ readonly post: Buffer; readonly entries: readonly RosterEntry[] }> => {
  const [post, roster] = await Promise.all([
    blobs.get(postKey(message.id, message.roster)),
    blobs.get(rosterKey(message.id, message.roster, message.chunk)),
  ]);
  if (post === undefined) throw new ShuntError('The bytes of this post are gone from the bucket.');
  if (roster === undefined) {
    throw new ShuntError(`The roster of chunk ${message.chunk} is gone from the bucket.`);
  }
  const entries = readRoster(roster);
  if (entries.length !== ledger.size) {
    throw new ShuntError(`The roster of chunk ${message.chunk} does not fit its ledger.`);
  }
  return { post, entries };
};

/** A post to members, each with a copy of their own, leads them to their page. Nothing is asked for where all get the same copy. */
const withLinks = async (freight: Freight, { transport, links }: OutgoingPorts): Promise<Freight> => {
  const { plan } = freight.message;
  const own = plan.voice === 'post' && isIndividual(freight, transport);
  return own ? { ...freight, links: await links?.() } : freight;
};

/** No further transaction is begun when less than this share of the invocation's time is left. */
const reserve = 0.1;

/** How this invocation came to its chunk. */
interface Entrance {
  readonly passage: Passage;
  readonly gate: Gate;
  /** Whether the lease of a holder that died has lapsed. */
  readonly lapsed: boolean;
}

const deliver = async (
  claimed: Claimed,
  { passage, gate, lapsed }: Entrance,
  ports: OutgoingPorts,
): Promise<void> => {
  const { message, ledger } = claimed;
  const { clock, site, transport } = ports;
  const module = chooseModule(await withLinks(claimed, ports), { site, limits: transport.limits });
  const progress = new ChunkProgress(ledger, {
    recipients: module.recipients,
    inDoubt: lapsed ? module.recipients * module.connections : 0,
  });
  progress.skip(await leavers(claimed, progress, ports));
  if (progress.pending.length === 0) await giveBackProbe(passage, gate);
  const write = () => writeVerdicts(claimed, progress, midway(ledger, ledger.lease_end), ports);
  // What the dead holder may have doubled is counted before anything more can be: the next one may die as well.
  if (lapsed && !(await write())) throw lostChunk(message, clock);

  const remaining = ports.deadline.getTime() - clock.now().getTime();
  const end = await sendChunk({
    progress,
    module: passage.kind === 'probe' ? onOneConnection(module) : module,
    transport,
    clock,
    probing: passage.kind === 'probe',
    latest: new Date(ports.deadline.getTime() - remaining * reserve),
    end: new Date(ports.deadline.getTime() - (remaining * reserve) / 2),
    write,
    welcomed: () => resume(passage, message, ports),
  });
  let seconds: number;
  switch (end.kind) {
    case 'tried':
      return endAttempt(claimed, progress, ports);
    case 'out of time':
      seconds = Math.min(900, Math.ceil(end.afterMs / 1000));
      await sendLater(message, seconds, 0, ports);
      break;
    case 'refused-us':
      seconds = site.delivery.retry_delay;
      await park(message, end.reply, ports);
      await sendLater(message, seconds, seconds, ports);
      break;
    case 'lost':
      throw lostChunk(message, clock);
  }
  // The message that stands for this one was sent first: a crash in between doubles a message, which does no harm, and loses none.
  const again_at = clock.now().getTime() + seconds * 1000;
  await writeVerdicts(claimed, progress, { ...midway(ledger, 0), again_at }, ports);
};

/** A ledger as it was found, and free again. What a dead holder left in doubt stays so: a lease that ended long ago has lapsed as well. */
const untouched = (ledger: Ledger, lapsed: boolean): LedgerVerdicts => ({
  ...ledger,
  lease_end: lapsed ? 1 : 0,
});

/** How a ledger stands in the middle of an attempt. */
const midway = ({ attempt }: Ledger, lease_end: number) => ({ attempt, done: false, lease_end });

/** A probe is one question, not five at once. */
const onOneConnection = (module: DeliveryModule): DeliveryModule => ({ ...module, connections: 1 });

/**
 * Those who were members when the post was made and are not any more. It is asked from the second attempt on, in one request for 100 of
 * those who wait; the first attempt follows the roster at once.
 */
const leavers = async (
  claimed: Claimed,
  { pending }: ChunkProgress,
  { store }: Pick<OutgoingPorts, 'store'>,
): Promise<readonly number[]> => {
  const { message, ledger } = claimed;
  if (ledger.attempt === 0 || message.plan.voice !== 'post') return [];
  const asked = pending
    .map((index) => ({ index, entry: entryAt(claimed, index) }))
    .filter(({ entry }) => entry.member !== undefined);
  if (asked.length === 0) return [];
  const members = await store.members.getMany(
    message.listid,
    asked.map(({ entry }) => ({ role: 'member', email: entry.email })),
  );
  const there = new Set(members.map(({ email }) => addressKey(email)));
  return asked.filter(({ entry }) => !there.has(addressKey(entry.email))).map(({ index }) => index);
};

/** Has the chunk delivered later by a message like this one: neither the attempt nor, while it is parked, the time runs on. */
const sendLater = (
  message: ChunkMessage,
  delaySeconds: number,
  parkedSeconds: number,
  { queues }: Pick<OutgoingPorts, 'queues'>,
): Promise<void> => {
  const parked = (message.parked ?? 0) + parkedSeconds;
  return queues.send([parked === 0 ? message : { ...message, parked }], { delaySeconds });
};

/** The relay refuses us: delivery is parked for everybody, and it is nobody's deferral (design, rule 9). */
const park = async (
  { id, listid }: ChunkMessage,
  reply: string,
  { store, clock, site, log }: OutgoingPorts,
): Promise<void> => {
  const now = clock.now();
  const until = new Date(now.getTime() + site.delivery.retry_delay * 1000);
  const { reason, since } = await store.parking.park({ reason: reply.slice(0, 500), now, until });
  const seconds = Math.round((now.getTime() - since) / 1000);
  log.parked({ id, list: listid, reason, since: new Date(since).toISOString(), seconds });
};

/** The probe went through: the others need not wait any more. */
const resume = async (
  passage: Passage,
  { id, listid }: ChunkMessage,
  { store, clock, log }: OutgoingPorts,
): Promise<void> => {
  if (passage.kind !== 'probe') return;
  const ended = await store.parking.resume(passage.parked);
  if (ended === undefined) return;
  const seconds = Math.round((clock.now().getTime() - ended.since) / 1000);
  log.resumed({ id, list: listid, reason: ended.reason, seconds });
};
