import type { Store } from '../store/store.ts';
import type { Address } from './address.ts';
import { spreadPreferences } from './spread-preferences.ts';

type LinkStore = Pick<Store, 'addresses' | 'users' | 'members'>;

/** Gives an address to a user; undefined when it is another one's. What the user wishes counts for its memberships from then on. */
export const linkAddress = async (
  address: Address,
  userId: string,
  store: LinkStore,
): Promise<Address | undefined> => {
  if (address.user_id !== undefined && address.user_id !== userId) return undefined;
  const linked = await store.addresses.set(address.email, { user_id: userId });
  await spreadPreferences(address.email, store);
  return linked;
};

/** Takes an address away from its user. Its memberships stay, and are its own. */
export const unlinkAddress = async (email: string, store: LinkStore): Promise<void> => {
  for await (const { list_id, role, user_id } of store.members.of(email)) {
    if (user_id !== undefined) await store.members.set(list_id, role, email, { user_id: null });
  }
  await store.addresses.set(email, { user_id: null });
  await spreadPreferences(email, store);
};
