import { addressKey, parseEmailAddress } from '../addresses/email-address.ts';
import { oneLine } from '../notices/one-line.ts';
import type { SubscriptionMessage } from '../queue/messages.ts';
import { namedArgument } from './arguments.ts';
import { type Command, fails } from './command.ts';

type Mode = NonNullable<SubscriptionMessage['delivery_mode']>;

const modes: ReadonlyMap<string, Mode> = new Map([
  ['no', 'regular'],
  ['mime', 'mime_digests'],
  ['plain', 'plaintext_digests'],
]);

interface Wished {
  readonly email?: string;
  readonly delivery_mode?: Mode;
}

/** What one word asks for; undefined when it is none of this command's. */
const wishedBy = (word: string): Wished | undefined => {
  const argument = namedArgument(word);
  if (argument?.name === 'address') return { email: argument.value.replace(/^<(.*)>$/, '$1') };
  const delivery_mode = argument?.name === 'digest' ? modes.get(argument.value.toLowerCase()) : undefined;
  return delivery_mode === undefined ? undefined : { delivery_mode };
};

/**
 * Asks that the sender's address joins, or another one, which confirms it itself. What comes of it the asker is not told, because that would tell
 * who is on the list: the address is.
 */
export const join: Command = {
  name: 'join',
  aliases: ['subscribe'],
  usage: 'join [digest=no|mime|plain] [address=ADDRESS]',
  summary: 'You, or an address that you name, join.',
  process: ({ args, asker }) => {
    let wished: Wished = {};
    for (const word of args) {
      const more = wishedBy(word);
      if (more === undefined) {
        return fails(
          { text: 'list:user:command:join-argument', variables: { argument: oneLine(word, 60) } },
          'stop',
        );
      }
      wished = { ...wished, ...more };
    }
    const { email = asker.email, delivery_mode } = wished;
    if (parseEmailAddress(email) === undefined) {
      return fails({ text: 'list:user:command:no-address', variables: { address: oneLine(email, 60) } });
    }
    // A name belongs to the address that it stood beside.
    const isOwn = addressKey(email) === addressKey(asker.email);
    return {
      told: [{ text: 'list:user:command:join', variables: { address: email } }],
      wishes: [
        {
          deed: 'join',
          email,
          ...(isOwn && asker.name !== '' ? { display_name: asker.name } : {}),
          ...(delivery_mode === undefined ? {} : { delivery_mode }),
        },
      ],
      afterwards: 'proceed',
    };
  },
};
