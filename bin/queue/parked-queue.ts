import { UsageError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';

/** The queue that a person means; delivery alone can be parked, and `retry` with it. */
export const parkedQueue = (args: readonly string[]): 'out' => {
  const [queue = ''] = exactly(args, 'QUEUE');
  if (queue !== 'out') throw new UsageError(`Only the queue out can be parked, not "${queue}"`);
  return queue;
};
