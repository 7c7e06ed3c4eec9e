import { type Noun, nouns } from './nouns.ts';
import { columns } from './output.ts';
import { commonOptions } from './parse.ts';
import type { Option, Verb } from './verb.ts';

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

const optionRows = (options: Readonly<Record<string, Option>>): readonly (readonly string[])[] =>
  Object.entries(options).map(([name, { takes, multiple, doc }]) => [
    `--${name}${takes === undefined ? '' : ` ${takes}`}`,
    multiple === true ? `${doc} May be given several times.` : doc,
  ]);

const examples = (verb: Verb): string =>
  verb.examples.map(([command, does]) => `# ${does}\nnpx belfry ${command}`).join('\n');

/** The help on everything. */
export const generalHelp = (): string =>
  [
    'Belfry, a mailing-list manager without servers to keep.',
    '',
    'Usage: npx belfry NOUN VERB [ARGUMENT...] [--OPTION...]',
    '',
    indented(
      columns(
        Object.entries(nouns).map(([name, { summary, verbs }]) => [
          name,
          Object.keys(verbs).join('|'),
          summary,
        ]),
      ),
    ),
    '',
    'Options of every verb:',
    indented(columns(optionRows(commonOptions))),
    '',
    'Without --local and --stack, the local stack is used where its .belfry/local.json is found, from the current',
    'directory up to its package; otherwise AWS, with your credentials (AWS_PROFILE, AWS_REGION).',
    '',
    'Examples:',
    indented(
      [
        'npx belfry list create ant@example.com',
        'npx belfry member add ant@example.com a@example.org b@example.org',
        'npx belfry member add --help',
      ].join('\n'),
    ),
  ].join('\n');

/** The help on a noun. */
export const nounHelp = async (name: string, noun: Noun): Promise<string> => {
  const verbs = await Promise.all(
    Object.entries(noun.verbs).map(async ([word, read]) => [word, (await read()).verb] as const),
  );
  return [
    `${noun.summary}.`,
    '',
    `Usage: npx belfry ${name} VERB ...`,
    '',
    indented(columns(verbs.map(([word, verb]) => [`${word} ${verb.usage}`, verb.summary]))),
    '',
    'Examples:',
    indented(verbs.flatMap(([, verb]) => (verb.examples.length > 0 ? [examples(verb)] : [])).join('\n')),
    '',
    `More with npx belfry ${name} VERB --help.`,
  ].join('\n');
};

/** The help on a verb; `words` is the noun, or noun and verb. */
export const verbHelp = (words: string, verb: Verb): string =>
  [
    verb.summary,
    '',
    `Usage: npx belfry ${[words, verb.usage].filter((part) => part !== '').join(' ')}`,
    ...(verb.details === undefined ? [] : ['', verb.details]),
    '',
    'Options:',
    indented(columns(optionRows({ ...verb.options, ...commonOptions }))),
    ...(verb.examples.length === 0 ? [] : ['', 'Examples:', indented(examples(verb))]),
  ].join('\n');
