import type {
  Transaction,
  TransactionOutcome,
  Transport,
  TransportLimits,
} from '../../lib/delivery/transport.ts';
import type { Verdict } from '../../lib/delivery/verdict.ts';

/** What the other side makes of a transaction; `undefined`: it takes it. */
export type Script = (
  transaction: Transaction,
  number: number,
) => TransactionOutcome | undefined | Promise<TransactionOutcome | undefined>;

/** Verdicts for the recipients of a transaction, each by its address; those that are not named are delivered. */
export const verdicts = (
  { recipients }: Transaction,
  given: Readonly<Record<string, Verdict>>,
): TransactionOutcome => ({
  kind: 'verdicts',
  verdicts: recipients.map((recipient) => given[recipient] ?? { kind: 'delivered' }),
});

/** The same verdict for all recipients of a transaction. */
export const everybody = ({ recipients }: Transaction, verdict: Verdict): TransactionOutcome => ({
  kind: 'verdicts',
  verdicts: recipients.map(() => verdict),
});

/** A transport that keeps what it was given and says what it is told. */
export class ScriptedTransport implements Transport {
  readonly limits: TransportLimits;
  /** All transactions in the order in which they began. */
  readonly begun: Transaction[] = [];
  /** Those of which somebody was served. */
  readonly taken: Transaction[] = [];
  /** The most transactions that were open at once. */
  mostOpen = 0;
  #open = 0;
  #script: Script = () => undefined;
  readonly #copies = new Map<string, number>();

  constructor(limits: Partial<TransportLimits> = {}) {
    this.limits = { recipients: 1000, connections: 10, ownSender: true, size: undefined, ...limits };
  }

  says(script: Script): void {
    this.#script = script;
  }

  async deliver(transaction: Transaction): Promise<TransactionOutcome> {
    this.begun.push(transaction);
    const number = this.begun.length;
    this.#open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.#open);
    // The others get their turn while this one is open, as on a network.
    await new Promise((resolve) => setImmediate(resolve));
    const outcome = (await this.#script(transaction, number)) ?? {
      kind: 'verdicts',
      verdicts: transaction.recipients.map(() => ({ kind: 'delivered' })),
    };
    this.#open -= 1;
    if (outcome.kind !== 'verdicts') return outcome;
    const served = transaction.recipients.filter(
      (_, position) => outcome.verdicts[position]?.kind === 'delivered',
    );
    if (served.length > 0) this.taken.push(transaction);
    for (const recipient of served) this.#copies.set(recipient, (this.#copies.get(recipient) ?? 0) + 1);
    return outcome;
  }

  /** How many copies each address got. */
  get copies(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#copies);
  }

  async close(): Promise<void> {}
}
