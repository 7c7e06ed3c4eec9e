/** The queues that carry mail between the steps (design, section 1). Constructs, functions and tools all take the names from here. */
export const queueNames = ['in', 'pipeline', 'out', 'retry', 'command', 'bounces', 'dead'] as const;

/** The name of one queue. */
export type QueueName = (typeof queueNames)[number];

/** The queues that a mail can arrive on from the gateway. */
export type ArrivalQueue = 'in' | 'command' | 'bounces';
