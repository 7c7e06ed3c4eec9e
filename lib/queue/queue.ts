import type { QueueMessage } from './messages.ts';

/** How a message is sent. */
export interface SendOptions {
  /** Seconds before it can be received, 0 to 900. */
  readonly delaySeconds?: number;
}

/**
 * The port to the queues. A message goes to the queue it names, with its list as message group, so that no list can
 * hold the others up (fair queues).
 */
export interface Queues {
  /** Sends; when it returns, every message is durable. Throws when one of them is not; the others may be. */
  readonly send: (messages: readonly QueueMessage[], options?: SendOptions) => Promise<void>;
}
