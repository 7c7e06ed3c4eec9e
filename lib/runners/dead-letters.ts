import { type ShuntPorts, shunt } from './shunt.ts';

/** A message that SQS moved to the dead-letter queue, and how often it had been received. */
export interface DeadLetter {
  readonly body: string;
  readonly receives: number;
}

/**
 * Makes a shunt item of a dead letter: it killed or outlasted its function each time, so that no code of ours could say
 * why (design, rule 12).
 */
export const runDeadLetter = (letter: DeadLetter, ports: ShuntPorts): Promise<void> =>
  shunt(
    {
      queue: 'dead',
      body: letter.body,
      reason:
        `It died ${letter.receives} times: the function never came to an end with it, ` +
        'because it ran out of memory or time, or because a service it needs did not answer.',
    },
    ports,
  );
