import { linkAddress } from '../../lib/users/link-address.ts';
import { newUser } from '../../lib/users/new-user.ts';
import { registerAddress } from '../address/known.ts';
import { CommandError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';

/** `user create` */
export const verb: Verb = {
  summary: 'Make a user of an address.',
  usage: 'ADDRESS',
  details: 'Memberships of the address stay its own. user addresses gives the user more addresses.',
  examples: [['user create anne@example.org --name "Anne Person"', 'Make a user.']],
  options: { name: { takes: 'NAME', doc: 'The name of the user (that of the address unless given).' } },
  run: async ({ args, options, out, connect }) => {
    const [email = ''] = exactly(args, 'ADDRESS');
    const { store, clock } = await connect();
    const address = await registerAddress(email, { store, clock });
    if (address.user_id !== undefined)
      throw new CommandError(`${email} belongs to the user ${address.user_id}`);
    const user = newUser(options.text('name') ?? address.display_name, clock.now());
    await store.users.create(user);
    await linkAddress(address, user.user_id, store);
    out.result({ ...user, addresses: [address.email] }, `Created the user ${user.user_id}.`);
  },
};
