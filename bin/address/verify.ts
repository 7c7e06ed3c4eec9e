import { exactly } from '../cli/parse.ts';
import type { Verb } from '../cli/verb.ts';
import { registerAddress } from './known.ts';

/** `address verify` */
export const verb: Verb = {
  summary: 'Say that an address is read by whom it belongs to.',
  usage: 'ADDRESS',
  details: 'What otherwise an answer to a confirmation mail says. The address need not be known before.',
  examples: [['address verify anne@example.org', 'Take an address as verified.']],
  options: {},
  run: async ({ args, out, connect }) => {
    const [named = ''] = exactly(args, 'ADDRESS');
    const { store, clock } = await connect();
    const { email } = await registerAddress(named, { store, clock });
    const address = await store.addresses.verify(email, clock.now());
    out.result(address, `${email} is verified.`);
  },
};
