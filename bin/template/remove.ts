import { CommandError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { placeFrom, whereOptions } from './where.ts';

/** `template remove` */
export const verb: Verb = {
  summary: 'Take a text of your own away, so that the outer or the built-in one is used again.',
  usage: 'NAME',
  examples: [
    ['template remove list:user:notice:hold --list ant@example.com', 'Take the text of a list away.'],
  ],
  options: whereOptions,
  run: async ({ args, options, out, connect }) => {
    // Any name: a text may have been set by a Belfry that knew more of them.
    const [name = ''] = exactly(args, 'NAME');
    const { key, called } = await placeFrom(options, async () => (await connect()).store);
    const { store } = await connect();
    if (!(await store.templates.remove(key, name))) {
      throw new CommandError(`No text ${name} is set for ${called}`);
    }
    out.result({ name, where: key }, `${name} of ${called} is removed.`);
  },
};
