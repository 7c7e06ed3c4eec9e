import { unlinkAddress } from '../../lib/users/link-address.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findUser } from './find-user.ts';

/** `user delete` */
export const verb: Verb = {
  summary: 'Delete a user; the addresses and their memberships stay.',
  usage: 'USER',
  details: [
    'USER is an id or one of the addresses. What the user was subscribed to as user, the preferred address is subscribed',
    'to from then on. member remove takes an address off a list.',
  ].join('\n'),
  examples: [['user delete anne@example.org', 'Delete the user who has an address.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const [named = ''] = exactly(args, 'USER');
    const { store } = await connect();
    const { user_id } = await findUser(store, named);
    const freed: string[] = [];
    for await (const { email } of store.addresses.of(user_id)) {
      await unlinkAddress(email, store);
      freed.push(email);
    }
    await store.users.remove(user_id);
    out.result({ user_id, addresses: freed }, `Deleted the user ${user_id}.`);
  },
};
