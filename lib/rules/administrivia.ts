import { decoded } from '../mail/header-block.ts';
import { missFor, type Rule } from './rule.ts';

/** The commands, and how many words may follow each (mailman-behaviour.md, section 6.2). */
const commands: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['confirm', [1, 1]],
  ['help', [0, 0]],
  ['info', [0, 0]],
  ['lists', [0, 0]],
  ['options', [0, 0]],
  ['password', [2, 2]],
  ['remove', [0, 0]],
  ['set', [3, 3]],
  ['subscribe', [0, 3]],
  ['unsubscribe', [0, 1]],
  ['who', [0, 2]],
]);

const isCommand = (line: string): boolean => {
  const [first = '', ...rest] = line.trim().split(/\s+/);
  const bounds = commands.get(first.toLowerCase());
  return bounds !== undefined && rest.length >= bounds[0] && rest.length <= bounds[1];
};

/**
 * Hits a post that looks like a command to the list: its author wants to leave, and should not tell everybody. It reads the text as a person sees it;
 * Mailman 3.3.8 reads base64 as it stands (mailman-behaviour.md, section 26).
 */
export const administrivia: Rule = {
  name: 'administrivia',
  record: true,
  check: ({ list, site, mail, text }) => {
    if (!list.settings.administrivia) return missFor('The list does not look for commands.');
    const subject = mail.fields.find((field) => field.key === 'subject');
    const lines = text.first
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, site.mailman.email_commands_max_lines);
    return [subject === undefined ? '' : decoded(subject), ...lines].some(isCommand)
      ? { hit: true, reason: 'The message looks like a command to the list.' }
      : missFor('It does not look like a command.');
  },
};
