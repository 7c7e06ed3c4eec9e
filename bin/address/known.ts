import { parseEmailAddress } from '../../lib/addresses/email-address.ts';
import type { Clock } from '../../lib/clock/clock.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Address } from '../../lib/users/address.ts';
import { knownAddress } from '../../lib/users/known-address.ts';
import { CommandError } from '../cli/errors.ts';

/** Where an address is looked for. */
export interface AddressPlace {
  readonly store: Pick<Store, 'addresses' | 'members'>;
  readonly clock: Clock;
}

/** The address that a person means. @throws CommandError when nothing is known of it. */
export const findAddress = async (email: string, { store, clock }: AddressPlace): Promise<Address> => {
  const known = await knownAddress(email, store, clock);
  if (known === undefined) throw new CommandError(`Nothing is known of ${email}`);
  return known;
};

/** The same; an address of which nothing is known becomes known. @throws CommandError when it is no address. */
export const registerAddress = async (email: string, { store, clock }: AddressPlace): Promise<Address> => {
  if (parseEmailAddress(email) === undefined) throw new CommandError(`"${email}" is not an e-mail address`);
  const registered_on = clock.now().toISOString();
  return (
    (await knownAddress(email, store, clock)) ??
    store.addresses.register({ email, display_name: '', registered_on, preferences: {} })
  );
};
