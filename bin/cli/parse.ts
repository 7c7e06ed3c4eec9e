import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';
import type { Option, OptionValues, Verb } from './verb.ts';

/** The options that every verb has. */
export const commonOptions: Readonly<Record<string, Option>> = {
  json: { doc: 'Print JSON, for machines.' },
  local: { doc: 'Use the local stack (npm start), and nothing else.' },
  stack: { takes: 'NAME', doc: 'Use the CloudFormation stack of this name in AWS (Belfry unless given).' },
  help: { doc: 'Show this help.' },
};

/** What was given to a verb. */
export interface Parsed {
  readonly args: readonly string[];
  readonly options: OptionValues;
}

/** Reads the arguments of a verb. Throws a {@link UsageError} for what it does not know. */
export const parseCall = (given: readonly string[], verb: Pick<Verb, 'options'>): Parsed => {
  const options = { ...verb.options, ...commonOptions };
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...given],
        allowPositionals: true,
        options: Object.fromEntries(
          Object.entries(options).map(([name, { takes, multiple }]) => [
            name,
            {
              type: takes === undefined ? 'boolean' : 'string',
              multiple: multiple ?? false,
              ...(name === 'help' ? { short: 'h' } : {}),
            } as const,
          ]),
        ),
      });
    } catch (error) {
      // Node's own advice after the first sentence is about `--`, which is rarely what was meant.
      const said = error instanceof Error ? error.message : String(error);
      throw new UsageError(said.split(/\. |\n/)[0] ?? said);
    }
  })();
  const values: Readonly<Record<string, unknown>> = parsed.values;
  return {
    args: parsed.positionals,
    options: {
      text: (name) => {
        const value = values[name];
        return typeof value === 'string' ? value : undefined;
      },
      flag: (name) => values[name] === true,
      all: (name) => {
        const value = values[name];
        return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
      },
    },
  };
};

/** The arguments as a person named them in the usage; throws when there are too few or too many. */
export const exactly = (args: readonly string[], ...names: readonly string[]): readonly string[] => {
  const missing = names[args.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const extra = args[names.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many`);
  return args;
};

/** The first argument and the rest of which there must be at least one, unless `rest` is not named. */
export const firstAndRest = (
  args: readonly string[],
  first: string,
  rest?: string,
): { readonly first: string; readonly rest: readonly string[] } => {
  const [one, ...others] = args;
  if (one === undefined) throw new UsageError(`${first} is missing`);
  if (rest !== undefined && others.length === 0) throw new UsageError(`${rest} is missing`);
  return { first: one, rest: others };
};

/** Assignments `name=value`; a name that is given several times has the list of its values. */
export const assignments = (
  given: readonly string[],
): Readonly<Record<string, string | readonly string[]>> => {
  const found = new Map<string, string | readonly string[]>();
  for (const one of given) {
    const at = one.indexOf('=');
    if (at < 1) throw new UsageError(`"${one}" does not have the form name=value`);
    const name = one.slice(0, at);
    const value = one.slice(at + 1);
    const before = found.get(name);
    found.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(found);
};
