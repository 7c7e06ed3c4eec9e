import { addressKey } from '../addresses/email-address.ts';
import type { Member } from '../members/member.ts';
import type { Store } from '../store/store.ts';
import { AddressChangeError } from './begin-move.ts';

/** Whether an address is subscribed, or the user whose preferred one it is, in the words of Mailman's REST API. */
export const subscriptionModes = ['as_address', 'as_user'] as const;
export type SubscriptionMode = (typeof subscriptionModes)[number];

type SubscribeStore = Pick<Store, 'addresses' | 'users' | 'members'>;

/** The user whose preferred address it is. */
const userPreferring = async (
  email: string,
  { addresses, users }: SubscribeStore,
): Promise<string | undefined> => {
  const userId = (await addresses.get(email))?.user_id;
  const user = userId === undefined ? undefined : await users.get(userId);
  const { preferred_address: preferred } = user ?? {};
  return preferred !== undefined && addressKey(preferred) === addressKey(email) ? userId : undefined;
};

/**
 * Makes a membership one of the user, so that it follows the preferred address, or one of the address alone. Undefined when there is no such membership.
 * @throws AddressChangeError when it is not the preferred address of a user.
 */
export const subscribeAs = async (
  { list_id, role, email }: Pick<Member, 'list_id' | 'role' | 'email'>,
  mode: SubscriptionMode,
  store: SubscribeStore,
): Promise<Member | undefined> => {
  const asAddress = () => store.members.set(list_id, role, email, { user_id: null });
  if (mode === 'as_address') return asAddress();
  const userId = await userPreferring(email, store);
  const member =
    userId === undefined ? undefined : await store.members.set(list_id, role, email, { user_id: userId });
  if (userId !== undefined && userId === (await userPreferring(email, store))) return member;
  // Another address may have become the preferred one in between, and have left without this membership.
  if (member !== undefined) await asAddress();
  throw new AddressChangeError(
    `${email} is not the preferred address of a user, and only by that one a user is a member`,
  );
};
