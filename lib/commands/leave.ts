import { parseEmailAddress } from '../addresses/email-address.ts';
import { oneLine } from '../notices/one-line.ts';
import { type Command, fails } from './command.ts';

/**
 * Asks that the sender leaves: by the address of the mail, or, when that one has been confirmed and belongs to a user, by another confirmed one of that user which
 * is on the list.
 */
export const leave: Command = {
  name: 'leave',
  aliases: ['unsubscribe'],
  usage: 'leave',
  summary: 'You leave this list.',
  asks: () => [{ ask: 'leaves' }],
  process: ({ asker }) => {
    const { email, leaves } = asker;
    if (parseEmailAddress(email) === undefined) {
      return fails({ text: 'list:user:command:no-address', variables: { address: oneLine(email, 60) } });
    }
    if (leaves === undefined) {
      return fails({ text: 'list:user:command:leave-not-found', variables: { address: email } }, 'stop');
    }
    return {
      told: [{ text: 'list:user:command:leave', variables: { address: leaves } }],
      wishes: [{ deed: 'leave', email: leaves }],
      afterwards: 'proceed',
    };
  },
};
