import type { Store } from '../../lib/store/store.ts';
import { allTexts, textNames } from '../../lib/templates/all-texts.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { placesFrom, type Where, whereOptions } from './where.ts';

const builtIn = async function* () {
  for (const name of textNames) yield { name, says: allTexts[name].purpose };
};

const setIn = async function* (store: Store, { key }: Where) {
  for await (const { name, text } of store.templates.ls(key)) {
    yield { name, says: text === '' ? '(empty)' : (text.trim().split('\n')[0] ?? '') };
  }
};

/** `template ls` */
export const verb: Verb = {
  summary: 'Name all texts, or those that a list, a domain or the site has set.',
  usage: '',
  examples: [
    ['template ls', 'Name all texts, with when each is written.'],
    ['template ls --list ant@example.com', 'Name the texts that a list has set for itself.'],
  ],
  options: whereOptions,
  run: async ({ args, options, out, connect }) => {
    exactly(args);
    const store = async () => (await connect()).store;
    const [place] = await placesFrom(options, store);
    await out.items(
      place === undefined ? builtIn() : setIn(await store(), place),
      ({ name, says }) => `${name}  ${says}`,
      `No texts are set for ${place?.called}.`,
    );
  },
};
