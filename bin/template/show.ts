import type { Store } from '../../lib/store/store.ts';
import { allTexts, type TextName } from '../../lib/templates/all-texts.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { placesFrom, templateNamed, type Where, whereOptions } from './where.ts';

/** The text that is used, and where it was set. */
interface Found {
  readonly from: string;
  readonly text: string;
}

const usedText = async (
  name: TextName,
  places: readonly Where[],
  store: () => Promise<Store>,
): Promise<Found> => {
  for (const { key, called } of places) {
    for await (const set of (await store()).templates.ls(key)) {
      if (set.name === name) return { from: called, text: set.text };
    }
  }
  return { from: 'Belfry', text: allTexts[name].text };
};

/** `template show` */
export const verb: Verb = {
  summary: 'Print a text: the built-in one, or the one that a list, a domain or the site uses.',
  usage: 'NAME',
  details: 'The text is printed as it was written, so that it can be changed and given to template set.',
  examples: [
    ['template show list:user:notice:hold', 'Print a built-in text.'],
    ['template show list:user:notice:hold --list ant@example.com', 'Print the text that a list uses.'],
  ],
  options: whereOptions,
  run: async ({ args, options, out, connect }) => {
    const [given = ''] = exactly(args, 'NAME');
    const name = templateNamed(given);
    const store = async () => (await connect()).store;
    const { from, text } = await usedText(name, await placesFrom(options, store), store);
    const { purpose, variables } = allTexts[name];
    out.result({ name, from, purpose, variables, text }, text.replace(/\n$/, ''));
  },
};
