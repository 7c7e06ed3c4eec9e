import { oneLine } from '../notices/one-line.ts';
import { type Command, tells } from './command.ts';

/** How much is repeated: this is for trying the way to and fro, and not for writing to others by way of us. */
const most = 60;

/** Repeats its words. */
export const echo: Command = {
  name: 'echo',
  aliases: [],
  usage: 'echo [words]',
  summary: 'Repeats what you write.',
  process: ({ args }) =>
    tells({ text: 'list:user:command:echo', variables: { words: oneLine(`echo ${args.join(' ')}`, most) } }),
};
