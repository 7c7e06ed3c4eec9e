import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { redrive } from '../../lib/runners/redrive.ts';
import type { Verb } from '../cli/verb.ts';
import { allOption, wantedItems } from './items.ts';

/** `queue redrive` */
export const verb: Verb = {
  summary: 'Put items of the shunt on their queues again.',
  usage: '[ID...]',
  details:
    'The bytes of a mail are put back as well, should they have expired. Nothing is done twice: each step knows what it did.',
  examples: [
    ['queue redrive 0123456789abcdef', 'Try one item again.'],
    ['queue redrive --all', 'Try everything again, after what was wrong was mended.'],
  ],
  options: { all: allOption },
  run: async ({ args, options, out, connect }) => {
    const { store, blobs, queues, sendBody } = await connect();
    const items = await wantedItems(store, args, options.flag('all'));
    const ports = { store, blobs: await blobs(), queues: await queues(), sendBody: await sendBody() };
    const redriven: { readonly id: string; readonly queue: string }[] = [];
    for (const item of items) {
      try {
        redriven.push({ id: item.id, queue: await redrive(item, ports) });
      } catch (error) {
        if (!(error instanceof ShuntError)) throw error;
        out.problem(`${item.id}: ${error.message}`);
      }
    }
    out.result(
      { redriven },
      redriven.map(({ id, queue }) => `${id} is on the queue ${queue} again.`).join('\n'),
    );
  },
};
