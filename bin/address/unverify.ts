import { addressKey } from '../../lib/addresses/email-address.ts';
import { CommandError } from '../cli/errors.ts';
import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { findAddress } from './known.ts';

/** `address unverify` */
export const verb: Verb = {
  summary: 'Take back that an address is verified.',
  usage: 'ADDRESS',
  details: 'Memberships stay. The next time the address wants to join a list, it is asked to confirm.',
  examples: [['address unverify anne@example.org', 'Have an address confirm again.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const [named = ''] = exactly(args, 'ADDRESS');
    const { store, clock } = await connect();
    const { email, user_id } = await findAddress(named, { store, clock });
    const preferred = user_id === undefined ? undefined : (await store.users.get(user_id))?.preferred_address;
    if (preferred !== undefined && addressKey(preferred) === addressKey(email)) {
      throw new CommandError(`${email} is the preferred address of its user, which must be verified`);
    }
    out.result(await store.addresses.set(email, { verified_on: null }), `${email} is not verified.`);
  },
};
