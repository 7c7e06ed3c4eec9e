import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { InvokeOutcome } from '../runtime/function-pool.ts';
import { Acknowledgement, batchLimit } from './acknowledgement.ts';
import { failedMessages } from './batch-response.ts';
import { GroupTurns, type HeldMessage } from './group-turns.ts';
import { sqsEvent } from './sqs-event.ts';

/** One event source mapping of the template: which queue feeds which function, and how. */
export interface EventSourceMapping {
  readonly functionName: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  readonly visibilityMs: number;
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. */
  readonly windowMs: number;
  readonly maximumConcurrency: number;
  readonly reportsItemFailures: boolean;
}

/** What a poller needs besides its mapping. */
export interface PollerPorts {
  readonly sqs: SQSClient;
  readonly invoke: (event: string) => Promise<InvokeOutcome>;
  /** Is told of faults of the queue itself; what a function does wrong is in that function's log. */
  readonly warn: (problem: string) => void;
  /** Whether the messages of an invocation that died are shown again at once. AWS waits for their visibility time; a crash sweep need not. */
  readonly redeliverAtOnce?: boolean;
}

/**
 * How many messages are looked at beyond what can run, so that one group's backlog does not hide the other groups: 1,000
 * chunks are a post to 200,000 members. They stay hidden while they wait.
 */
const lookahead = 1000;

/**
 * A poll that is cut off makes the emulator hide the next message for a whole visibility time, so polls are short and always
 * left to finish; one second keeps stopping quick, and costs one request per queue and second when idle.
 */
const pollSeconds = 1;

/** Feeds one function from one queue, as Lambda's event source mappings do. */
export class Poller {
  readonly #mapping: EventSourceMapping;
  readonly #ports: PollerPorts;
  readonly #acknowledgement: Acknowledgement;
  readonly #turns = new GroupTurns();
  readonly #ended: Promise<void>;
  #hideAgainTimer: NodeJS.Timeout | undefined;
  #windowTimer: NodeJS.Timeout | undefined;
  #oldestHeldSince = 0;
  #running = 0;
  #settling = 0;
  #stopping = false;
  #wake: () => void = () => {};

  constructor(mapping: EventSourceMapping, ports: PollerPorts) {
    this.#mapping = mapping;
    this.#ports = ports;
    this.#acknowledgement = new Acknowledgement(ports.sqs, mapping.queueUrl);
    this.#hideAgainTimer = setInterval(() => void this.#hideWaiting(), mapping.visibilityMs / 3).unref();
    this.#ended = this.#poll();
  }

  /** How many messages or invocations are in the hands of this poller. */
  get busy(): number {
    return this.#running + this.#settling + this.#turns.size;
  }

  /** Begins nothing new; returns when the last poll and the last invocation have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#hideAgainTimer);
    clearTimeout(this.#windowTimer);
    this.#wake();
    await this.#ended;
    while (this.#running + this.#settling > 0) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        before();
        resolve();
      };
    });
  }

  #changed(): void {
    const wake = this.#wake;
    this.#wake = () => {};
    wake();
  }

  async #poll(): Promise<void> {
    while (!this.#stopping) {
      if (this.#turns.size >= lookahead) {
        await this.#change();
        continue;
      }
      try {
        for (const message of await this.#receive()) {
          if (this.#turns.size === 0) this.#oldestHeldSince = performance.now();
          this.#turns.add({ message, hiddenAt: performance.now() });
        }
        this.#dispatch();
      } catch (error) {
        if (this.#stopping) return;
        this.#ports.warn(`The queue ${this.#mapping.queueUrl} cannot be read: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  async #receive(): Promise<readonly Message[]> {
    const { Messages = [] } = await this.#ports.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#mapping.queueUrl,
        MaxNumberOfMessages: Math.min(batchLimit, lookahead - this.#turns.size),
        WaitTimeSeconds: pollSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  #dispatch(): void {
    const { batchSize, maximumConcurrency, windowMs } = this.#mapping;
    while (!this.#stopping && this.#turns.size > 0 && this.#running < maximumConcurrency) {
      const waitMs = this.#oldestHeldSince + windowMs - performance.now();
      if (this.#turns.size < batchSize && windowMs > 0 && waitMs > 0) {
        clearTimeout(this.#windowTimer);
        this.#windowTimer = setTimeout(() => this.#dispatch(), waitMs);
        return;
      }
      this.#oldestHeldSince = performance.now();
      this.#running += 1;
      void this.#run(this.#turns.take(batchSize));
    }
  }

  async #run(batch: readonly HeldMessage[]): Promise<void> {
    const { queueArn, region, reportsItemFailures, visibilityMs } = this.#mapping;
    const messages = batch.map((held) => held.message);
    const ids = messages.map((message) => message.MessageId ?? '');
    let failed: ReadonlySet<string> = new Set(ids);
    let died = true;
    try {
      // Who waited long has little of its visibility time left for the function.
      await this.#hideAgain(batch, Math.min(1000, visibilityMs / 10));
      const outcome = await this.#ports.invoke(sqsEvent(messages, { arn: queueArn, region }));
      died = !outcome.ok;
      if (outcome.ok) failed = failedMessages(ids, outcome.response, reportsItemFailures);
    } catch (error) {
      this.#ports.warn(`An invocation of ${this.#mapping.functionName} was lost: ${String(error)}`);
    }
    this.#running -= 1;
    this.#settling += 1;
    this.#dispatch();
    try {
      await this.#settle(messages, failed, died);
    } catch (error) {
      if (!this.#stopping)
        this.#ports.warn(`The queue ${this.#mapping.queueUrl} cannot be written: ${String(error)}`);
    }
    this.#settling -= 1;
    this.#changed();
  }

  async #settle(messages: readonly Message[], failed: ReadonlySet<string>, died: boolean): Promise<void> {
    const isFailed = (message: Message) => failed.has(message.MessageId ?? '');
    const served = messages.filter((message) => !isFailed(message));
    await Promise.all(served.map((message) => this.#acknowledgement.delete(message.ReceiptHandle ?? '')));
    // What a function gave back itself stays hidden for as long as the function said.
    if (died && this.#ports.redeliverAtOnce === true) await this.#hide(messages.filter(isFailed), 0);
  }

  async #hideWaiting(): Promise<void> {
    try {
      await this.#hideAgain([...this.#turns.all()], this.#mapping.visibilityMs / 3);
    } catch (error) {
      if (!this.#stopping)
        this.#ports.warn(`Waiting messages of ${this.#mapping.queueUrl} may appear twice: ${String(error)}`);
    }
  }

  /** Starts the visibility time anew for those messages that have waited for longer than `afterMs`. */
  async #hideAgain(batch: readonly HeldMessage[], afterMs: number): Promise<void> {
    const now = performance.now();
    const old = batch.filter((held) => now - held.hiddenAt > afterMs);
    for (const held of old) held.hiddenAt = now;
    await this.#hide(
      old.map((held) => held.message),
      Math.ceil(this.#mapping.visibilityMs / 1000),
    );
  }

  async #hide(messages: readonly Message[], seconds: number): Promise<void> {
    for (let from = 0; from < messages.length; from += batchLimit) {
      const entries = messages.slice(from, from + batchLimit).map((message, index) => ({
        Id: String(index),
        ReceiptHandle: message.ReceiptHandle ?? '',
        VisibilityTimeout: seconds,
      }));
      await this.#ports.sqs.send(
        new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#mapping.queueUrl, Entries: entries }),
      );
    }
  }
}
