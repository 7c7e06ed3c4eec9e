import type { Store } from '../../lib/store/store.ts';
import type { User } from '../../lib/users/user.ts';
import { CommandError } from '../cli/errors.ts';

/** Where everything about a user is named, without the password. */
export const userObject = ({ password: _, ...user }: User): Omit<User, 'password'> => user;

/**
 * The user that a person means by an id or by an address.
 * @throws CommandError when there is none.
 */
export const findUser = async (store: Pick<Store, 'users' | 'addresses'>, named: string): Promise<User> => {
  const id = named.includes('@') ? (await store.addresses.get(named))?.user_id : named;
  const user = id === undefined ? undefined : await store.users.get(id);
  if (user === undefined) throw new CommandError(`There is no user ${named}`);
  return user;
};
