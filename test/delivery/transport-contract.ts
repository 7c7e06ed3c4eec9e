import { afterEach, describe, expect, it } from 'vitest';
import type { Transaction, TransactionOutcome } from '../../lib/delivery/transport.ts';
import type { Verdict } from '../../lib/delivery/verdict.ts';
import type { Carried, Conduct } from '../harness/memory-transport.ts';

/** A transport, with another side that does as it is told. */
export interface StartedTransport {
  readonly deliver: (transaction: Transaction) => Promise<TransactionOutcome>;
  /** What arrived on the other side, in the order in which it did. */
  readonly received: () => readonly Carried[];
  readonly close: () => Promise<void>;
}

/** What a transport and its other side can tell apart. What is missing is not asked of them. */
export interface Supports {
  /** How many recipients one transaction may have. */
  readonly recipients: number;
  /** Which steps the other side can refuse by themselves. */
  readonly steps: readonly (keyof Conduct)[];
  /** The envelope sender arrives as it was given. */
  readonly ownSender: boolean;
  /** The bytes of the mail arrive as they were given. */
  readonly ownBytes: boolean;
}

/** A transport that is to keep the contract. */
export interface TransportUnderTest {
  readonly name: string;
  readonly start: (conduct: Conduct) => Promise<StartedTransport>;
  readonly supports: Supports;
}

const people = ['a@example.org', 'b@example.org', 'c@example.org', 'a@example.org'];

interface Case {
  readonly says: string;
  readonly conduct: Conduct;
  /** How many recipients it takes to show it. */
  readonly recipients: number;
  /** The kind of each verdict, or of the outcome. */
  readonly expected: string | readonly string[];
  /** Where the verdicts were given that are neither `delivered` nor `unknown`. */
  readonly at?: readonly string[];
}

const cases: readonly Case[] = [
  { says: 'takes one recipient', conduct: {}, recipients: 1, expected: ['delivered'] },
  {
    says: 'takes several, and one that is named twice',
    conduct: {},
    recipients: 4,
    expected: ['delivered', 'delivered', 'delivered', 'delivered'],
  },
  {
    says: 'refuses some at RCPT: each has its own verdict, by position',
    conduct: { recipients: ['permanent', 'temporary', 'accepted', 'accepted'] },
    recipients: 4,
    expected: ['rejected', 'deferred', 'delivered', 'delivered'],
    at: ['rcpt', 'rcpt'],
  },
  {
    says: 'refuses the second naming of one address and not the first',
    conduct: { recipients: ['accepted', 'accepted', 'accepted', 'temporary'] },
    recipients: 4,
    expected: ['delivered', 'delivered', 'delivered', 'deferred'],
    at: ['rcpt'],
  },
  {
    says: 'refuses everybody at RCPT: that is about them, and not about the post',
    conduct: { recipients: ['permanent', 'temporary'] },
    recipients: 2,
    expected: ['rejected', 'deferred'],
    at: ['rcpt', 'rcpt'],
  },
  { says: 'refuses us for now', conduct: { us: 'temporary' }, recipients: 1, expected: 'refused-us' },
  { says: 'refuses us for good', conduct: { us: 'permanent' }, recipients: 1, expected: 'refused-us' },
  {
    says: 'puts the sender off at MAIL',
    conduct: { mail: 'temporary' },
    recipients: 2,
    expected: ['deferred', 'deferred'],
    at: ['mail', 'mail'],
  },
  {
    says: 'refuses the sender at MAIL',
    conduct: { mail: 'permanent' },
    recipients: 1,
    expected: 'refused-post',
  },
  {
    says: 'puts the mail off at DATA; who was refused before stays refused',
    conduct: { recipients: ['permanent'], data: 'temporary' },
    recipients: 2,
    expected: ['rejected', 'deferred'],
    at: ['rcpt', 'data'],
  },
  { says: 'refuses DATA', conduct: { data: 'permanent' }, recipients: 2, expected: 'refused-post' },
  {
    says: 'refuses DATA, and refused somebody before: that one is refused for their own sake',
    conduct: { recipients: ['permanent', 'temporary'], data: 'permanent' },
    recipients: 3,
    expected: 'refused-post',
    at: ['rcpt'],
  },
  {
    says: 'goes away before the data: nobody has it',
    conduct: { recipients: ['permanent'], data: 'dropped' },
    recipients: 2,
    expected: ['rejected', 'deferred'],
    at: ['rcpt', 'data'],
  },
  {
    says: 'puts the mail off after its end',
    conduct: { dot: 'temporary' },
    recipients: 2,
    expected: ['deferred', 'deferred'],
    at: ['dot', 'dot'],
  },
  {
    says: 'refuses the mail after its end',
    conduct: { dot: 'permanent' },
    recipients: 1,
    expected: 'refused-post',
  },
  {
    says: 'refuses the mail after its end, and refused somebody before: that one is refused for their own sake',
    conduct: { recipients: ['accepted', 'permanent'], dot: 'permanent' },
    recipients: 2,
    expected: 'refused-post',
    at: ['rcpt'],
  },
  {
    says: 'refuses the mail because of its only recipient',
    conduct: { dot: 'recipient' },
    recipients: 1,
    expected: ['rejected'],
    at: ['dot'],
  },
  {
    says: 'refuses the mail because of one of several: nobody knows of which',
    conduct: { dot: 'recipient' },
    recipients: 2,
    expected: 'refused-post',
  },
  {
    says: 'goes away after the end of the mail: who was accepted may have it',
    conduct: { recipients: ['permanent'], dot: 'dropped' },
    recipients: 2,
    expected: ['rejected', 'unknown'],
    at: ['rcpt'],
  },
];

/** What an outcome says of single recipients, by position. */
const verdictsIn = (outcome: TransactionOutcome): readonly (Verdict | undefined)[] => {
  if (outcome.kind === 'verdicts') return outcome.verdicts;
  return outcome.kind === 'refused-post' ? (outcome.rejected ?? []) : [];
};

/** What every transport must do: verdicts by position, and the right kind of outcome wherever the other side refuses. */
export const transportContract = ({ name, start, supports }: TransportUnderTest): void => {
  const open: StartedTransport[] = [];
  const begin = async (conduct: Conduct): Promise<StartedTransport> => {
    const started = await start(conduct);
    open.push(started);
    return started;
  };
  const transaction = (recipients: readonly string[], more: Partial<Transaction> = {}): Transaction => ({
    sender: 'ant-bounces@example.com',
    recipients,
    message: Buffer.from('From: ant@example.com\r\nSubject: hello\r\n\r\n.dots\r\n..\r\nbody\r\n'),
    labels: { post: 'post-1', list: 'ant.example.com', member: 'member-1' },
    beginBefore: new Date(Date.now() + 60_000),
    ...more,
  });
  const fits = ({ conduct, recipients }: Case): boolean =>
    recipients <= supports.recipients &&
    Object.keys(conduct).every((step) => supports.steps.some((supported) => supported === step));

  describe(`the transport ${name}, when the other side`, () => {
    afterEach(async () => {
      for (const started of open.splice(0)) await started.close();
    });

    it.each(cases.filter(fits))('$says', async ({ conduct, recipients, expected, at }) => {
      const { deliver, received } = await begin(conduct);
      const asked = people.slice(0, recipients);
      const outcome = await deliver(transaction(asked));
      const verdicts = verdictsIn(outcome);
      expect(outcome.kind === 'verdicts' ? outcome.verdicts.map(({ kind }) => kind) : outcome.kind).toEqual(
        expected,
      );
      expect(
        verdicts.flatMap((verdict) => (verdict !== undefined && 'at' in verdict ? [verdict.at] : [])),
      ).toEqual(at ?? []);
      const served = asked.filter((_, position) => verdicts[position]?.kind === 'delivered');
      if (conduct.dot === undefined) expect(received().flatMap((one) => one.recipients)).toEqual(served);
    });

    it('is not asked, because it is too late to begin', async () => {
      const { deliver, received } = await begin({});
      const outcome = await deliver(
        transaction(people.slice(0, 1), { beginBefore: new Date(Date.now() - 1) }),
      );
      expect(outcome.kind).toBe('not-now');
      expect(received()).toEqual([]);
    });

    it('gets many transactions at once, and each has its own verdict', async () => {
      const { deliver, received } = await begin({});
      const many = Array.from({ length: 20 }, (_, index) => `m${index}@example.org`);
      const outcomes = await Promise.all(many.map((recipient) => deliver(transaction([recipient]))));
      expect(outcomes.map(({ kind }) => kind)).toEqual(many.map(() => 'verdicts'));
      expect(
        received()
          .flatMap(({ recipients }) => recipients)
          .sort(),
      ).toEqual([...many].sort());
    });

    if (supports.ownSender || supports.ownBytes) {
      it('gets what it was sent', async () => {
        const { deliver, received } = await begin({});
        const sent = transaction(people.slice(0, 1));
        await deliver(sent);
        const [{ sender, message }] = [...received(), { sender: '', message: Buffer.alloc(0) }];
        if (supports.ownSender) expect(sender).toBe(sent.sender);
        if (supports.ownBytes) expect(message.toString()).toBe(sent.message.toString());
      });
    }
  });
};
