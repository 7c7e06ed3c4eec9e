import type { Clock } from '../clock/clock.ts';
import type { DmarcAnswer } from './dmarc-answer.ts';
import { isDmarcRecord, readDmarcRecord } from './dmarc-record.ts';
import { organizationalDomain } from './organizational-domain.ts';
import type { TxtAnswer, TxtResolver } from './txt-resolver.ts';

/** Tells what the domain of an author wants. It never throws. */
export type DmarcLookup = (domain: string) => Promise<DmarcAnswer>;

/** What looking up needs. */
export interface DmarcLookupPorts {
  readonly resolver: TxtResolver;
  readonly clock: Clock;
  /** Seconds that all questions about one domain may take. */
  readonly lifetime: number;
}

/** The DMARC records in an answer; what else stands at the name does not count (RFC 7489, section 6.6.3). */
const recordsIn = (answer: TxtAnswer): readonly string[] =>
  answer.kind === 'records' ? answer.records.filter(isDmarcRecord) : [];

const ask = async (domain: string, { resolver, clock, lifetime }: DmarcLookupPorts): Promise<DmarcAnswer> => {
  const end = clock.now().getTime() + lifetime * 1000;
  const txt = (name: string): Promise<TxtAnswer> => resolver.txt(name, end - clock.now().getTime());
  const none: DmarcAnswer = { kind: 'none', domain };

  const own = await txt(`_dmarc.${domain}`);
  if (own.kind === 'failed') return { kind: 'failed', domain, why: own.why };
  const ownRecords = recordsIn(own);
  // A domain that says two things says nothing.
  if (ownRecords.length > 1) return none;
  const [record] = ownRecords;
  if (record !== undefined) {
    return { kind: 'policy', domain, foundAt: domain, policy: readDmarcRecord(record).policy ?? 'none' };
  }

  const above = await organizationalDomain(domain);
  if (above === undefined || above === domain) return none;
  const theirs = await txt(`_dmarc.${above}`);
  if (theirs.kind === 'failed') return { kind: 'failed', domain, why: theirs.why };
  const [found, second] = recordsIn(theirs);
  if (found === undefined || second !== undefined) return none;
  const { policy, subdomains } = readDmarcRecord(found);
  return { kind: 'policy', domain, foundAt: above, policy: subdomains ?? policy ?? 'none' };
};

// Many posts of a list come from few domains. A policy seldom changes, and records are commonly kept for an hour; a DNS that failed may be well soon.
const keptMs = 3_600_000;
const failureKeptMs = 60_000;
const mostKept = 2000;

interface Kept {
  readonly answer: Promise<DmarcAnswer>;
  until: number;
}

/** Looks up policies, and remembers them for a while: a function meets the same domains again and again. */
export const dmarcLookup = (ports: DmarcLookupPorts): DmarcLookup => {
  const known = new Map<string, Kept>();
  const now = (): number => ports.clock.now().getTime();
  return (asked) => {
    const domain = asked.toLowerCase();
    const before = known.get(domain);
    if (before !== undefined && before.until > now()) return before.answer;
    // The one that was asked first goes first; what is asked often is asked again.
    const [oldest] = known.keys();
    if (known.size >= mostKept && oldest !== undefined) known.delete(oldest);
    // Whatever goes wrong here is no reason to lose a post (mailman-behaviour.md, section 26).
    const answer = ask(domain, ports).catch(
      (error: unknown): DmarcAnswer => ({ kind: 'failed', domain, why: String(error) }),
    );
    const kept: Kept = { answer, until: now() + keptMs };
    known.delete(domain);
    known.set(domain, kept);
    void kept.answer.then(({ kind }) => {
      if (kind === 'failed') kept.until = Math.min(kept.until, now() + failureKeptMs);
    });
    return kept.answer;
  };
};
