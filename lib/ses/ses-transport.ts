import { type SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { DeliveryPlan } from '../delivery/delivery-plan.ts';
import type { Transaction, TransactionOutcome, Transport, TransportLimits } from '../delivery/transport.ts';
import { isOutage } from '../errors/outage.ts';
import { hasLongLine } from './line-length.ts';
import { purposeAddress } from './list-address.ts';
import type { Pacer, PacerPorts, Turn } from './pacer.ts';
import { isCarriedAddress } from './recipient.ts';
import { sentMessageId } from './sent-id.ts';
import { sesCopy } from './ses-copy.ts';
import { faultOf, rejectedRecipient } from './ses-errors.ts';
import { largestSesMail } from './size.ts';
import { tagsOf } from './tags.ts';

/** What sending through Amazon SES needs of the world. */
export interface SesPorts extends Pick<PacerPorts, 'clock'> {
  readonly client: Pick<SESClient, 'send' | 'config' | 'destroy'>;
  readonly dropIdle: () => void;
  readonly pacer: Pick<Pacer, 'turn' | 'slowDown'>;
  readonly configurationSet: string | undefined;
}

/** Connections that have been idle for longer are opened anew: a frozen function's are dead (design, section 4). */
const idleLimitMs = 20_000;

// Node cannot count further than this.
const longestTimerMs = 2_147_483_647;

/** A throttled mail waits for the next second. */
const throttledMs = 1000;

/** A mail, ready to be carried. */
interface Copy {
  readonly key: string;
  readonly message: Buffer;
  /** Why SES would refuse it. */
  readonly unfit: string | undefined;
}

const unfit = (message: Buffer): string | undefined => {
  if (message.length > largestSesMail)
    return `552 5.3.4 The mail has ${message.length} bytes, and Amazon SES takes ${largestSesMail}`;
  if (hasLongLine(message))
    return '554 5.6.0 The mail has lines of more than 998 bytes in a part that is signed or that cannot be read, and Amazon SES takes none';
  return undefined;
};

const copyOf = (message: Buffer, plan: DeliveryPlan | undefined, key: string): Copy => {
  const carried = plan === undefined ? message : sesCopy(message, { plan });
  return { key, message: carried, unfit: unfit(carried) };
};

/**
 * Delivery through the API of Amazon SES: one recipient in a call, so that each call has one answer and each event one recipient (aws-facts.md,
 * section 2). It sends when the pacer says so, and never on its own a second time.
 */
export class SesTransport implements Transport {
  readonly limits: TransportLimits;
  readonly #ports: SesPorts;
  /** The same post goes to many, and is made fit once. */
  readonly #copies = new WeakMap<Buffer, Copy>();
  #lastUsed = 0;

  constructor(ports: SesPorts, { connections }: { readonly connections: number }) {
    this.limits = { recipients: 1, connections, ownSender: false, size: largestSesMail };
    this.#ports = ports;
  }

  async deliver(transaction: Transaction): Promise<TransactionOutcome> {
    const [recipient, another] = transaction.recipients;
    if (recipient === undefined || another !== undefined)
      throw new Error('Amazon SES is given one recipient at a time');
    if (!isCarriedAddress(recipient)) return { ...rejectedRecipient('Malformed address'), unasked: true };
    const copy = this.#copy(transaction);
    if (copy.unfit !== undefined) return { kind: 'refused-post', reply: copy.unfit, unasked: true };
    const turn = await this.#turn(transaction);
    switch (turn.kind) {
      case 'later':
        return { kind: 'not-now', reply: '451 4.3.2 Its turn comes later', afterMs: turn.afterMs };
      case 'exhausted':
        return { kind: 'refused-us', reply: turn.reply };
      case 'now':
        return this.#send(transaction, recipient, copy.message);
    }
  }

  async close(): Promise<void> {
    this.#ports.client.destroy();
  }

  #copy({ message, plan }: Transaction): Copy {
    const key = JSON.stringify(plan ?? null);
    const made = this.#copies.get(message);
    if (made?.key === key) return made;
    const copy = copyOf(message, plan, key);
    this.#copies.set(message, copy);
    return copy;
  }

  async #turn({ following = 0, beginBefore }: Transaction): Promise<Turn> {
    try {
      return await this.#ports.pacer.turn({ following, before: beginBefore });
    } catch (error) {
      // The table or the quota cannot be read now: nothing was sent.
      if (isOutage(error)) return { kind: 'later', afterMs: throttledMs };
      throw error;
    }
  }

  async #send(transaction: Transaction, recipient: string, message: Buffer): Promise<TransactionOutcome> {
    const { client, pacer, configurationSet } = this.#ports;
    this.#freshen();
    const limit = this.#limitOf(transaction);
    try {
      const { MessageId = '' } = await client.send(
        new SendRawEmailCommand({
          Source: sourceOf(transaction),
          Destinations: [recipient],
          RawMessage: { Data: message },
          Tags: tagsOf(transaction.labels),
          ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
        }),
        { abortSignal: limit.signal },
      );
      const sentAs = sentMessageId(MessageId, await client.config.region());
      return { kind: 'verdicts', verdicts: [{ kind: 'delivered' }], sentAs };
    } catch (error) {
      const fault = faultOf(error, recipient);
      if (fault.kind !== 'throttled') return fault;
      await pacer.slowDown();
      return { kind: 'not-now', reply: fault.reply, afterMs: throttledMs };
    } finally {
      limit.clear();
    }
  }

  /** An answer is waited for as long as somebody can still write down that there was none. */
  #limitOf({ endBefore }: Transaction): { readonly signal: AbortSignal; readonly clear: () => void } {
    const controller = new AbortController();
    if (endBefore === undefined) return { signal: controller.signal, clear: () => undefined };
    const leftMs = Math.min(
      longestTimerMs,
      Math.max(0, endBefore.getTime() - this.#ports.clock.now().getTime()),
    );
    const timer = setTimeout(() => controller.abort(), leftMs);
    return { signal: controller.signal, clear: () => clearTimeout(timer) };
  }

  #freshen(): void {
    const now = this.#ports.clock.now().getTime();
    if (now - this.#lastUsed > idleLimitMs) this.#ports.dropIdle();
    this.#lastUsed = now;
  }
}

/** SES takes no null sender; what would have one leaves with the bounces address of its list. */
const sourceOf = ({ sender, plan }: Transaction): string =>
  sender === '' && plan !== undefined ? purposeAddress(plan.list.address, 'bounces') : sender;
