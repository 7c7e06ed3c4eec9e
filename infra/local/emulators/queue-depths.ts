import { z } from 'zod';

const depthsSchema = z.array(
  z.object({
    name: z.string(),
    approximateMessageCount: z.number(),
    approximateInflightCount: z.number(),
    approximateDelayedCount: z.number(),
  }),
);

/**
 * How many messages each queue holds, visible, hidden or delayed. The emulator tells all of them in one answer, which who waits for a
 * quiet stack asks for many times a second; SQS would take a request for each.
 */
export const queueDepths = async (sqsEndpoint: string): Promise<ReadonlyMap<string, number>> => {
  const answer = await fetch(`${sqsEndpoint}/_fauxqs/queues`);
  const depths = depthsSchema.parse(await answer.json());
  return new Map(
    depths.map((queue) => [
      queue.name,
      queue.approximateMessageCount + queue.approximateInflightCount + queue.approximateDelayedCount,
    ]),
  );
};
