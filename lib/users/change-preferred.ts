import { addressKey } from '../addresses/email-address.ts';
import type { AddressChangeMessage } from '../queue/messages.ts';
import { AddressChangeError, type AddressChangePorts, beginMove } from './begin-move.ts';

/**
 * Makes another address of a user the preferred one; memberships as user follow it. Undefined when nothing has to be carried; otherwise this is sure to
 * happen when it returns, and the function command is about to do it.
 * @throws AddressChangeError with a sentence when it cannot be.
 */
export const changePreferredAddress = async (
  { id, userId, to }: { readonly id: string; readonly userId: string; readonly to: string },
  ports: AddressChangePorts,
): Promise<AddressChangeMessage | undefined> => {
  const { addresses, users } = ports.store;
  const [user, address] = await Promise.all([users.get(userId), addresses.get(to)]);
  if (user === undefined) throw new AddressChangeError(`There is no user ${userId}`);
  if (address?.user_id !== userId) throw new AddressChangeError(`${to} is no address of this user`);
  if (address.verified_on === undefined) throw new AddressChangeError(`${to} is not verified yet`);
  const before =
    user.preferred_address === undefined || addressKey(user.preferred_address) === addressKey(to)
      ? undefined
      : await addresses.get(user.preferred_address);
  if (before === undefined) {
    await users.set(userId, { preferred_address: address.email });
    return undefined;
  }
  return beginMove({ id, from: before.email, to: address.email, what: 'as_user' }, ports);
};
