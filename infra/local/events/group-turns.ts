import type { Message } from '@aws-sdk/client-sqs';

/** A message that was received and waits for its invocation. */
export interface HeldMessage {
  readonly message: Message;
  /** When it was received, or last hidden anew, in milliseconds of the monotonic clock. */
  hiddenAt: number;
}

/**
 * Messages that wait, in one line for each message group; who takes gets the groups in turn. AWS does this inside SQS
 * (fair queues); the emulator hands messages out in the order they came, so it is done here. Messages without a
 * group stand in one line of their own.
 */
export class GroupTurns {
  readonly #lines = new Map<string, HeldMessage[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Puts a message at the end of its group's line. */
  add(held: HeldMessage): void {
    const group = held.message.Attributes?.MessageGroupId ?? '';
    const line = this.#lines.get(group);
    if (line === undefined) this.#lines.set(group, [held]);
    else line.push(held);
    this.#size += 1;
  }

  /** Takes up to `count` messages, one from each group in turn; the group served last is the last in the next turn. */
  take(count: number): HeldMessage[] {
    const taken: HeldMessage[] = [];
    while (taken.length < count) {
      const next = this.#lines.entries().next();
      if (next.done) break;
      const [group, line] = next.value;
      // A Map keeps the order of insertion: taking the line out and putting it back moves it to the end.
      this.#lines.delete(group);
      const held = line.shift();
      if (held !== undefined) taken.push(held);
      if (line.length > 0) this.#lines.set(group, line);
    }
    this.#size -= taken.length;
    return taken;
  }

  /** Every message that waits. */
  *all(): Iterable<HeldMessage> {
    for (const line of this.#lines.values()) yield* line;
  }
}
