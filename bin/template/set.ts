import { allTexts, type TextName } from '../../lib/templates/all-texts.ts';
import { listVariables } from '../../lib/templates/list-variables.ts';
import { variablesIn } from '../../lib/templates/substitute.ts';
import { CommandError } from '../cli/errors.ts';
import { fileBytes } from '../cli/file-bytes.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { placeFrom, templateNamed, whereOptions } from './where.ts';

// An item of DynamoDB has at most 400 KB, and nobody reads a notice of 100.
const longest = 100_000;

const readText = async (file: string | undefined): Promise<string> => {
  const text = (await fileBytes(file)).toString('utf8');
  return text.replace(/^\ufeff/, '').replace(/\r\n/g, '\n');
};

const unknownIn = (text: string, name: TextName): readonly string[] => {
  const known: readonly string[] = [...Object.keys(listVariables), ...Object.keys(allTexts[name].variables)];
  return variablesIn(text).filter((one) => !known.includes(one));
};

const said = (name: string, called: string, text: string, unknown: readonly string[]): string =>
  [
    `${name} of ${called} is ${text === '' ? 'empty now: nothing is written there' : 'set'}.`,
    ...unknown.map((one) => `$${one} is no variable of this text and stays as it is.`),
  ].join('\n');

/** `template set` */
export const verb: Verb = {
  summary: 'Put a text of your own in place of a built-in one.',
  usage: 'NAME < TEXT',
  details: [
    'The innermost text counts: the one of the list, of its domain, of the site, or the built-in one. An empty text is',
    'empty; template remove brings the outer one back. The variables of each text are in docs/templates.md.',
  ].join('\n'),
  examples: [
    ['template set list:user:notice:hold --list ant@example.com < hold.txt', 'Set a text of a list.'],
    ['template set list:user:notice:refuse --site --file refuse.txt', 'Set a text of all lists.'],
  ],
  options: {
    ...whereOptions,
    file: { takes: 'FILE', doc: 'The file with the text; - is standard input, as is none.' },
  },
  run: async ({ args, options, out, connect }) => {
    const [given = ''] = exactly(args, 'NAME');
    const name = templateNamed(given);
    const { key, called } = await placeFrom(options, async () => (await connect()).store);
    const text = await readText(options.text('file'));
    if (Buffer.byteLength(text) > longest) {
      throw new CommandError(`The text is too long; a text has at most ${longest} bytes`);
    }
    const { store } = await connect();
    await store.templates.set(key, name, text);
    const unknown_variables = unknownIn(text, name);
    out.result({ name, where: key, unknown_variables }, said(name, called, text, unknown_variables));
  },
};
