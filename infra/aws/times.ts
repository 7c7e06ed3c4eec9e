import type { Site } from '../../lib/config/site.ts';
import type { QueueName } from '../../lib/queue/names.ts';

/** How long a function may run, and for how long the message that it works on is hidden from others; in seconds. */
export interface Times {
  readonly timeout: number;
  readonly visibility: number;
}

/**
 * The times of the function that a queue feeds. Outgoing has times of its own: it must have room for one reply and one final dot, and
 * a site that waits longer for its relay gets a function that lives longer (design, section 4). Its message comes back only after its lease ended.
 */
export const timesOf = ({ functions, delivery }: Site, queue: QueueName): Times => {
  if (queue !== 'out' && queue !== 'retry') {
    return { timeout: Math.ceil(functions.timeout), visibility: Math.ceil(functions.visibility) };
  }
  const timeout = Math.ceil(
    Math.max(functions.outgoing_timeout, delivery.reply_timeout + delivery.dot_timeout),
  );
  const visibility = Math.ceil(Math.max(functions.outgoing_visibility, timeout + delivery.lease_margin));
  return { timeout, visibility };
};
