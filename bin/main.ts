import { errorLine, UsageError } from './cli/errors.ts';
import { generalHelp, nounHelp, verbHelp } from './cli/help.ts';
import { nouns } from './cli/nouns.ts';
import { plain, standardOutput } from './cli/output.ts';
import { parseCall } from './cli/parse.ts';
import type { Verb } from './cli/verb.ts';
import type { Connection } from './connection/connection.ts';

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h' || word === 'help';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const runVerb = async (words: string, verb: Verb, given: readonly string[]): Promise<void> => {
  // Help is given even when the rest of the call is wrong: that is when it is wanted.
  const end = given.indexOf('--');
  if ((end === -1 ? given : given.slice(0, end)).some((word) => word === '--help' || word === '-h')) {
    say(verbHelp(words, verb));
    return;
  }
  const { args, options } = parseCall(given, verb);
  let connection: Connection | undefined;
  try {
    await verb.run({
      args,
      options,
      out: standardOutput(options.flag('json')),
      connect: async () => {
        const { connect } = await import('./connection/connect.ts');
        connection ??= await connect({ local: options.flag('local'), stack: options.text('stack') });
        return connection;
      },
    });
  } finally {
    connection?.close();
  }
};

const version = async (): Promise<string> => {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
  return `belfry ${manifest.version}`;
};

/** What was called, in words, for the pointer to the help. */
const called: string[] = [];

const run = async (given: readonly string[]): Promise<void> => {
  const [word, ...rest] = isHelp(given[0]) && given.length > 1 ? [...given.slice(1), '--help'] : given;
  if (word === undefined)
    throw new UsageError(`A noun is missing; there is ${Object.keys(nouns).join(', ')}`);
  if (isHelp(word)) return say(generalHelp());
  if (word === '--version') return say(await version());
  const noun = Object.hasOwn(nouns, word) ? nouns[word] : undefined;
  if (noun === undefined) {
    throw new UsageError(`There is no noun "${word}"; there is ${Object.keys(nouns).join(', ')}`);
  }
  called.push(word);
  if (noun.itself !== undefined) return runVerb(word, (await noun.itself()).verb, rest);
  const [second, ...others] = rest;
  if (isHelp(second)) return say(await nounHelp(word, noun));
  const known = Object.keys(noun.verbs).join(', ');
  if (second === undefined) throw new UsageError(`A verb is missing; ${word} has ${known}`);
  const read = Object.hasOwn(noun.verbs, second) ? noun.verbs[second] : undefined;
  if (read === undefined) throw new UsageError(`There is no verb "${second}"; ${word} has ${known}`);
  called.push(second);
  return runVerb(called.join(' '), (await read()).verb, others);
};

// Who pipes into `head` does not want to read of a broken pipe.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await run(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError;
  const pointer = usage ? `; see npx belfry ${[...called, '--help'].join(' ')}` : '';
  process.stderr.write(`belfry: ${plain(errorLine(error))}${pointer}\n`);
  process.exitCode = usage ? 2 : 1;
}
