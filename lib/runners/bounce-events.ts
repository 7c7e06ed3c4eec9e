import { longestAddress } from '../addresses/email-address.ts';
import { type BounceEvent, whyText } from '../bounces/bounce-event.ts';
import { dayOf, nextStep } from '../bounces/next-step.ts';
import { wasSentPost } from '../bounces/was-sent.ts';
import { type Weight, weigh } from '../bounces/weigh.ts';
import type { BounceStep } from '../members/bounce-state.ts';
import type { Member } from '../members/member.ts';
import { formerOf, rememberedUntil } from '../members/rejoin.ts';
import { type BounceNews, tellComplaint, tellDisable, tellIncrement } from '../notices/bounce-owner.ts';
import { oneLine } from '../notices/one-line.ts';
import { sendProbe } from '../notices/probe.ts';
import type { BouncePorts } from './bounce-ports.ts';

/** What an event came to, in a word for the log. */
export type BounceDeed =
  | BounceStep
  | 'no-member'
  | 'no-post'
  | 'residual'
  | 'same-day'
  | 'same-mail'
  | 'temporary'
  | 'blocked';

/** How long it is kept that a member has a score; those whom bounces disable are found by reading the list as well. */
const pointed = 400 * 86_400_000;

/** How long the notes of a day are kept if nothing takes them away. */
const noted = 30 * 86_400_000;

const newsOf = ({ id, list, at, blob }: BounceEvent, member: Member): BounceNews => ({
  cause: id,
  list,
  member,
  at: new Date(at),
  blob,
});

/** What follows from a step, by the step alone; it may be done again at any point. */
const follow = async (
  event: BounceEvent,
  step: BounceStep,
  member: Member,
  ports: BouncePorts,
): Promise<void> => {
  const expires = new Date(Date.parse(event.at) + pointed);
  await ports.store.bounces.point(member.list_id, member.email, expires);
  const news = newsOf(event, member);
  if (event.context !== 'probe' && (step === 'scored' || step === 'disabled')) {
    await tellIncrement(news, ports);
  }
  if (step === 'probed') await sendProbe(news, ports);
  if (step === 'disabled') await tellDisable(news, ports);
};

/** Applies what scores: one conditional write on the member commits it, and whoever was slower looks again. */
const score = async (event: BounceEvent, ports: BouncePorts): Promise<BounceDeed> => {
  const { store, site } = ports;
  const { list, bounce, probed } = event;
  for (;;) {
    const member = await store.members.get(list.list_id, 'member', bounce.address);
    if (member === undefined || (probed !== undefined && member.member_id !== probed)) return 'no-member';
    const next = nextStep(member, event, { settings: list.settings, verp_probes: site.mta.verp_probes });
    if (next.kind === 'nothing') return next.because;
    if (next.kind === 'again') {
      await follow(event, next.step, next.member, ports);
      return next.step;
    }
    // Anybody can write a report, but only a mail that went out can come back. The token of a probe nobody can guess.
    if (event.source === 'mail' && event.context !== 'probe') {
      if (!(await wasSentPost(list.list_id, bounce.address, ports))) return 'no-post';
    }
    const changed = await store.bounces.change(member, next.changes);
    if (changed === undefined) continue;
    await follow(event, next.step, changed, ports);
    return next.step;
  }
};

/** A complaint takes the member off the list, who is not told: the owners are, before, so that whoever repeats it still finds the member. */
const complain = async (event: BounceEvent, ports: BouncePorts): Promise<BounceDeed> => {
  const { members, bounces } = ports.store;
  const { list, bounce, at } = event;
  const member = await members.get(list.list_id, 'member', bounce.address);
  // Who joined after the complaint has another membership.
  if (member === undefined || Date.parse(member.subscribed_at) > Date.parse(at)) return 'no-member';
  await tellComplaint(newsOf(event, member), ports);
  const now = new Date(at);
  await members.former.put(formerOf(member, now), rememberedUntil(now));
  await bounces.remove(member);
  return 'removed';
};

/** What was refused for what it is or whom it comes from is told the owners of once a day. */
const note = async (event: BounceEvent, ports: BouncePorts): Promise<BounceDeed> => {
  const { id, list, bounce, at } = event;
  const domain = bounce.address.slice(bounce.address.lastIndexOf('@') + 1).toLowerCase();
  await ports.store.bounces.note(
    {
      list_id: list.list_id,
      day: dayOf(at),
      kind: 'blocked',
      id,
      line: oneLine(`${domain}: ${whyText(bounce)}`),
    },
    new Date(Date.parse(at) + noted),
  );
  return 'blocked';
};

const applyEvent = (event: BounceEvent, weight: Weight, ports: BouncePorts): Promise<BounceDeed> => {
  // A stranger can write any, and the table takes no key of more than 1,024 octets.
  if (Buffer.byteLength(event.bounce.address) > longestAddress) return Promise.resolve('no-member');
  switch (weight) {
    case 'complaint':
      return complain(event, ports);
    case 'not-the-member':
      return note(event, ports);
    case 'scores':
      return score(event, ports);
    case 'temporary':
      return Promise.resolve('temporary');
  }
};

/** What a source of bounces tells: the mail, post or event that it is about, and the events. */
export interface BounceNewsSource {
  readonly id: string;
  readonly listId: string;
  readonly source: BounceEvent['source'];
  readonly events: readonly BounceEvent[];
  readonly unrecognised?: boolean;
}

/** Applies the events of one source, one after the other, and logs what they came to. Each may be applied again. */
export const applyBounces = async (
  { id, listId, source, events, unrecognised = false }: BounceNewsSource,
  ports: BouncePorts,
): Promise<void> => {
  const counts: Record<Weight, number> = { scores: 0, complaint: 0, 'not-the-member': 0, temporary: 0 };
  const did: Partial<Record<BounceDeed, number>> = {};
  for (const event of events) {
    const weight = weigh(event.bounce);
    const deed = await applyEvent(event, weight, ports);
    counts[weight] += 1;
    did[deed] = (did[deed] ?? 0) + 1;
  }
  ports.log.bounced({
    id,
    list: listId,
    source,
    hard: counts.scores,
    soft: counts.temporary,
    blocked: counts['not-the-member'],
    complaints: counts.complaint,
    unrecognised: unrecognised ? 1 : 0,
    did,
  });
};
