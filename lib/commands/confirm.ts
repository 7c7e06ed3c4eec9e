import { oneLine } from '../notices/one-line.ts';
import { type Command, fails } from './command.ts';

/**
 * Confirms what waits for somebody who has read a mail of ours. A request that waits for the moderators is accepted, as the mail says that brought
 * them its token; whoever brings a wrong password with it does nothing. Posts that are held are confirmed elsewhere (`lib/commands/confirm-held.ts`).
 */
export const confirm: Command = {
  name: 'confirm',
  aliases: [],
  usage: 'confirm TOKEN',
  summary: 'Confirms what a message with that token asks.',
  asks: ([token]) => (token === undefined ? [] : [{ ask: 'token', token }]),
  process: ({ args: [token = ''], tokens }) => {
    const found = tokens.get(token);
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
