import { isDeepStrictEqual } from 'node:util';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import type { Store } from '../store/store.ts';
import type { Address } from './address.ts';
import type { Preferences } from './preferences.ts';
import type { User } from './user.ts';

/** What spreading needs of the store. */
export type SpreadStore = Pick<Store, 'addresses' | 'users' | 'members'>;

// As many as in adding members.
const atOnce = 32;

const wishes = (preferences: Preferences): Preferences =>
  Object.fromEntries(Object.entries(preferences).filter(([, value]) => value !== undefined));

/** What a membership inherits: the wishes of the address, and of the user what the address leaves open. Undefined when there is none. */
export const inheritedFrom = (
  address: Pick<Address, 'preferences'> | undefined,
  user: Pick<User, 'preferences'> | undefined,
): Preferences | undefined => {
  const all = { ...wishes(user?.preferences ?? {}), ...wishes(address?.preferences ?? {}) };
  return Object.keys(all).length > 0 ? all : undefined;
};

/** What a membership of an address inherits now. One request, two when the address has a user. */
export const inheritedBy = async (
  email: string,
  { addresses, users }: Pick<Store, 'addresses' | 'users'>,
): Promise<Preferences | undefined> => {
  const address = await addresses.get(email);
  const user = address?.user_id === undefined ? undefined : await users.get(address.user_id);
  return inheritedFrom(address, user);
};

/**
 * Copies what an address and its user wish into every membership of the address. It may be repeated, and begins again when either changed
 * meanwhile, so that of two changes at once the later one is what stays.
 */
export const spreadPreferences = async (email: string, store: SpreadStore): Promise<void> => {
  for (;;) {
    const inherited = await inheritedBy(email, store);
    await forEachAtOnce(store.members.of(email), atOnce, async (member) => {
      if (isDeepStrictEqual(member.inherited, inherited)) return;
      await store.members.set(member.list_id, member.role, member.email, { inherited: inherited ?? null });
    });
    if (isDeepStrictEqual(await inheritedBy(email, store), inherited)) return;
  }
};

/** The same for every address of a user. */
export const spreadUserPreferences = async (userId: string, store: SpreadStore): Promise<void> => {
  for await (const { email } of store.addresses.of(userId)) await spreadPreferences(email, store);
};
