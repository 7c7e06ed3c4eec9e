import type { MailingList } from '../lists/list.ts';
import { oneLine } from '../notices/one-line.ts';
import type { Asker, CommandAnswer, CommandContext, CommandWish, Question, Told } from './command.ts';
import type { CommandLine, CommandLines } from './command-lines.ts';

/** How many tokens one mail may ask about: nobody has more, and each is a read. */
const mostTokens = 3;

/** What commands make of a mail. */
export interface CommandResults {
  readonly lines: readonly { readonly line: string; readonly told: readonly Told[] }[];
  readonly unprocessed: readonly string[];
  readonly wishes: readonly CommandWish[];
  readonly failed: boolean;
}

/** What a line says, so that saying it twice in a mail is saying it once; the members are listed once, whichever are wished for. */
const sayingOf = ({ command, args }: CommandLine): string | undefined => {
  if (command === undefined || command.name === 'echo') return undefined;
  return command.name === 'who' ? 'who' : [command.name, ...args].join(' ').toLowerCase();
};

/** The lines without repetitions. */
const once = (lines: readonly CommandLine[]): readonly CommandLine[] => {
  const said = new Set<string>();
  return lines.filter((line) => {
    const saying = sayingOf(line);
    if (saying === undefined) return true;
    const isNew = !said.has(saying);
    said.add(saying);
    return isNew;
  });
};

/** What the commands of a mail need to know of the world. */
export const questionsOf = (
  { lines }: CommandLines,
  asker: Pick<Asker, 'roles'>,
  list: MailingList,
): readonly Question[] => {
  const all = once(lines).flatMap(({ command, args }) => command?.asks?.(args, asker, list) ?? []);
  const tokens = all.filter(({ ask }) => ask === 'token');
  return all.filter((question) => question.ask !== 'token' || tokens.indexOf(question) < mostTokens);
};

const unknown = ({ line }: CommandLine): CommandAnswer => ({
  told: [{ text: 'list:user:command:unknown', variables: { command: oneLine(line, 60) } }],
  wishes: [],
  afterwards: 'proceed',
  failed: true,
});

/** Does the commands of a mail, one after the other, until one ends it. */
export const runCommands = (
  { lines }: CommandLines,
  context: Omit<CommandContext, 'args'>,
): CommandResults => {
  const done: { line: string; told: readonly Told[] }[] = [];
  const wishes: CommandWish[] = [];
  let failed = false;
  const all = once(lines);
  for (const [index, line] of all.entries()) {
    const answer = line.command?.process({ ...context, args: line.args }) ?? unknown(line);
    done.push({ line: oneLine(line.line, 80), told: answer.told });
    wishes.push(...answer.wishes);
    failed ||= answer.failed ?? false;
    if (answer.afterwards === 'stop') {
      const unprocessed = all.slice(index + 1).map((one) => oneLine(one.line, 80));
      return { lines: done, unprocessed, wishes, failed };
    }
  }
  return { lines: done, unprocessed: [], wishes, failed };
};
