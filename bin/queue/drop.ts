import { drop } from '../../lib/runners/redrive.ts';
import type { Verb } from '../cli/verb.ts';
import { allOption, wantedItems } from './items.ts';

/** `queue drop` */
export const verb: Verb = {
  summary: 'Throw items of the shunt away, with their mail, without asking.',
  usage: '[ID...]',
  examples: [['queue drop 0123456789abcdef', 'Throw one item away.']],
  options: { all: allOption },
  run: async ({ args, options, out, connect }) => {
    const { store, blobs } = await connect();
    const items = await wantedItems(store, args, options.flag('all'));
    const ports = { store, blobs: await blobs() };
    for (const item of items) await drop(item, ports);
    const dropped = items.map(({ id }) => id);
    out.result({ dropped }, dropped.map((id) => `${id} is dropped.`).join('\n'));
  },
};
