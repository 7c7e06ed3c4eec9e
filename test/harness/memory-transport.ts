import type {
  Transaction,
  TransactionOutcome,
  Transport,
  TransportLimits,
} from '../../lib/delivery/transport.ts';
import type { Stage, Verdict } from '../../lib/delivery/verdict.ts';

/** How a step is refused: for now, or for good. */
export type Refusal = 'temporary' | 'permanent';

/** What the other side does with the transactions that come, in words that fit any transport; what is not given is taken. */
export interface Conduct {
  /** Before MAIL: connecting, greeting, logging in. */
  readonly us?: Refusal;
  readonly mail?: Refusal;
  /** By position; who is not named is accepted. */
  readonly recipients?: readonly (Refusal | 'accepted')[];
  readonly data?: Refusal | 'dropped';
  /** What is said of the whole mail; `recipient`: for good, and because of its recipient. */
  readonly dot?: Refusal | 'recipient' | 'dropped';
}

/** What arrived. */
export interface Carried {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly message: Buffer;
}

const reply = (refusal: Refusal): string => (refusal === 'temporary' ? '451 4.3.0 Later' : '550 5.7.1 Never');

/** A transport that keeps what it is given, in memory, and does with it what it is told. */
export class MemoryTransport implements Transport {
  readonly limits: TransportLimits = {
    recipients: 100,
    connections: 5,
    ownSender: true,
    size: undefined,
  };
  readonly carried: Carried[] = [];
  readonly #conduct: Conduct;

  constructor(conduct: Conduct = {}) {
    this.#conduct = conduct;
  }

  async deliver({ sender, recipients, message, beginBefore }: Transaction): Promise<TransactionOutcome> {
    const { us, mail, recipients: refusals = [], data, dot } = this.#conduct;
    if (beginBefore.getTime() <= Date.now()) return { kind: 'not-now', reply: 'out of time', afterMs: 0 };
    if (us !== undefined) return { kind: 'refused-us', reply: reply(us) };
    const refusedAt = (position: number): Refusal | undefined => {
      const refusal = refusals[position];
      return refusal === 'accepted' ? undefined : refusal;
    };
    const verdicts = (others: Verdict): TransactionOutcome => ({
      kind: 'verdicts',
      verdicts: recipients.map((_, position) => {
        const refusal = refusedAt(position);
        if (refusal === undefined) return others;
        return { kind: refusal === 'temporary' ? 'deferred' : 'rejected', reply: reply(refusal), at: 'rcpt' };
      }),
    });
    const rejected = recipients.map((_, position): Verdict | undefined =>
      refusedAt(position) === 'permanent'
        ? { kind: 'rejected', reply: reply('permanent'), at: 'rcpt' }
        : undefined,
    );
    const refused = (refusal: Refusal, at: Stage): TransactionOutcome =>
      refusal === 'permanent'
        ? { kind: 'refused-post', reply: reply(refusal), ...(at === 'mail' ? {} : { rejected }) }
        : verdicts({ kind: 'deferred', reply: reply(refusal), at });
    if (mail !== undefined) return refused(mail, 'mail');
    const accepted = recipients.filter((_, position) => refusedAt(position) === undefined);
    if (accepted.length === 0) return verdicts({ kind: 'delivered' });
    if (data === 'dropped') return verdicts({ kind: 'deferred', reply: '', at: 'data' });
    if (data !== undefined) return refused(data, 'data');
    if (dot === 'dropped') return verdicts({ kind: 'unknown', reply: '' });
    if (dot === 'recipient') {
      return recipients.length === 1
        ? verdicts({ kind: 'rejected', reply: '550 5.1.1 Unknown', at: 'dot' })
        : { kind: 'refused-post', reply: '550 5.1.1 Unknown' };
    }
    if (dot !== undefined) return refused(dot, 'dot');
    this.carried.push({ sender, recipients: accepted, message });
    return verdicts({ kind: 'delivered' });
  }

  async close(): Promise<void> {}
}
