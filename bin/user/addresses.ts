import { addressKey } from '../../lib/addresses/email-address.ts';
import { linkAddress, unlinkAddress } from '../../lib/users/link-address.ts';
import { registerAddress } from '../address/known.ts';
import { CommandError, UsageError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import type { Connection } from '../connection/connection.ts';
import { findUser } from './find-user.ts';

const give = async (email: string, userId: string, { store, clock }: Connection): Promise<void> => {
  const address = await registerAddress(email, { store, clock });
  if ((await linkAddress(address, userId, store)) === undefined) {
    throw new CommandError(`${email} belongs to the user ${address.user_id}`);
  }
};

/** `user addresses` */
export const verb: Verb = {
  summary: 'Name the addresses of a user, give one more, or take one away.',
  usage: 'USER',
  details: [
    'USER is an id or one of the addresses. An address that is taken away keeps its memberships. One that is given',
    'is not verified by that: address verify does it.',
  ].join('\n'),
  examples: [
    ['user addresses anne@example.org', 'Name the addresses.'],
    ['user addresses anne@example.org --add anne@example.net', 'Give the user one more.'],
  ],
  options: {
    add: { takes: 'ADDRESS', doc: 'An address that becomes one of the user.' },
    remove: { takes: 'ADDRESS', doc: 'An address that is to be nobody’s.' },
  },
  run: async ({ args, options, out, connect }) => {
    const [named = ''] = exactly(args, 'USER');
    const [added, removed] = [options.text('add'), options.text('remove')];
    if (added !== undefined && removed !== undefined)
      throw new UsageError('Give --add or --remove, not both');
    const connection = await connect();
    const { store } = connection;
    const { user_id, preferred_address } = await findUser(store, named);
    if (added !== undefined) await give(added, user_id, connection);
    if (removed !== undefined) {
      if ((await store.addresses.get(removed))?.user_id !== user_id) {
        throw new CommandError(`${removed} is no address of this user`);
      }
      if (preferred_address !== undefined && addressKey(preferred_address) === addressKey(removed)) {
        throw new CommandError(`${removed} is the preferred address; set another one first`);
      }
      await unlinkAddress(removed, store);
    }
    await out.items(
      store.addresses.of(user_id),
      ({ email, verified_on }) => `${email}${verified_on === undefined ? '  (not verified)' : ''}`,
      'This user has no addresses.',
    );
  },
};
