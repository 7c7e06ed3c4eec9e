import type { Verb } from '../cli/verb.ts';
import { parkedQueue } from './parked-queue.ts';

/** `queue resume` */
export const verb: Verb = {
  summary: 'Let delivery go on that is parked because the relay refuses us.',
  usage: 'out',
  details: [
    'It goes on by itself when the relay takes mail again; this is for who does not want to wait for the next probe. What waits comes back when',
    'its own delay is over, within delivery.retry_delay; npx belfry post resend ID --missed has one post tried now. Should the relay',
    'still refuse us, delivery is parked again.',
  ].join('\n'),
  examples: [['queue resume out', 'Go on, after the relay was mended.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const queue = parkedQueue(args);
    const { store } = await connect();
    const parked = await store.parking.resume();
    const resumed = parked !== undefined;
    out.result(
      { queue, resumed, ...(resumed ? { since: new Date(parked.since).toISOString() } : {}) },
      resumed
        ? `Delivery goes on; it was parked since ${new Date(parked.since).toISOString()}.`
        : 'Nothing is parked.',
    );
  },
};
