import type { Clock } from '../clock/clock.ts';
import type { Store } from '../store/store.ts';
import type { Address } from './address.ts';

/**
 * What is known of an address. A member need not be known as an address, and becomes it here, so that something can be noted of it.
 */
export const knownAddress = async (
  email: string,
  { addresses, members }: Pick<Store, 'addresses' | 'members'>,
  clock: Clock,
): Promise<Address | undefined> => {
  const known = await addresses.get(email);
  if (known !== undefined) return known;
  for await (const { email: written, display_name } of members.of(email)) {
    const registered_on = clock.now().toISOString();
    return addresses.register({ email: written, display_name, registered_on, preferences: {} });
  }
  return undefined;
};
