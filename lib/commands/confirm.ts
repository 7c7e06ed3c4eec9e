import { oneLine } from '../notices/one-line.ts';
import { type Command, fails } from './command.ts';

/** A token as somebody typed it from a mail, perhaps with the marks that stood around it. */
const typed = (word: string): string => word.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');

/**
 * Confirms what waits for somebody who has read a mail of ours. A request that waits for the moderators is accepted, as the mail says that brought
 * them its token; whoever brings a wrong password with it does nothing. Posts that are held are confirmed elsewhere (`lib/commands/confirm-held.ts`).
 */
export const confirm: Command = {
  name: 'confirm',
  aliases: [],
  usage: 'confirm TOKEN',
  summary: 'Confirms what a message with that token asks.',
  asks: ([token]) => (token === undefined ? [] : [{ ask: 'token', token: typed(token) }]),
  process: ({ args: [token = ''], tokens }) => {
    const found = tokens.get(typed(token));
    if (found === undefined) {
      return fails(
        { text: 'list:user:command:confirm-unknown', variables: { token: oneLine(token, 60) } },
        'stop',
      );
    }
    const { request, password } = found;
    if (password === 'wrong' || password === 'too many attempts') {
      return fails({ text: 'list:user:command:confirm-password', variables: {} }, 'stop');
    }
    const moderating = request.state === 'moderating';
    return {
      told: [
        moderating
          ? { text: 'list:user:command:confirm-accepted', variables: { address: request.email } }
          : { text: 'list:user:command:confirmed', variables: {} },
      ],
      wishes: [{ deed: moderating ? 'accept' : 'confirm', token: request.token }],
      afterwards: 'stop',
    };
  },
};
