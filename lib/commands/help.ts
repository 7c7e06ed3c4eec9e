import { oneLine } from '../notices/one-line.ts';
import { type Command, fails, tells } from './command.ts';

const alsoCalled = ({ aliases, summary }: Command): string =>
  aliases.length === 0 ? summary : `${summary} (also: ${aliases.join(', ')})`;

/** The command `help`, which tells about the others and about itself. */
export const helpAbout = (others: readonly Command[]): Command => {
  const help: Command = {
    name: 'help',
    aliases: [],
    usage: 'help [COMMAND]',
    summary: 'Tells which commands there are, or how one is written.',
    process: ({ args }) => {
      const all = [...others, help].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const [first] = args;
      if (first === undefined) {
        const lines = all.map((one) => `    ${one.name.padEnd(8)} ${alsoCalled(one)}`);
        return tells({ text: 'list:user:command:help', variables: { commands: lines.join('\n') } });
      }
      const wanted = first.toLowerCase();
      const about = all.find(({ name, aliases }) => name === wanted || aliases.includes(wanted));
      if (about === undefined || args.length > 1) {
        return fails(
          {
            text: 'list:user:command:help-unknown',
            variables: { argument: oneLine(args.join(' '), 60) },
          },
          'stop',
        );
      }
      return tells({
        text: 'list:user:command:help-one',
        variables: { usage: about.usage, summary: alsoCalled(about) },
      });
    },
  };
  return help;
};
