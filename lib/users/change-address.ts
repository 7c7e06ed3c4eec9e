import { addressKey, parseEmailAddress } from '../addresses/email-address.ts';
import type { AddressChangeMessage } from '../queue/messages.ts';
import type { Address } from './address.ts';
import { AddressChangeError, type AddressChangePorts, beginMove } from './begin-move.ts';
import { knownAddress } from './known-address.ts';

/** That an address is to take the place of another one. */
export interface AddressChange {
  /** Names the wish, however often it comes. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Whether an administrator says so, who may name an address that nobody has verified. */
  readonly administrator: boolean;
}

/** The address that gives its place. */
const former = async (from: string, { store, clock }: AddressChangePorts): Promise<Address> => {
  const known = await knownAddress(from, store, clock);
  if (known === undefined) throw new AddressChangeError(`Nothing is known of ${from}`);
  return known;
};

const latter = async (
  { from, to, administrator }: AddressChange,
  { display_name }: Address,
  { store, clock }: AddressChangePorts,
): Promise<Address> => {
  if (parseEmailAddress(to) === undefined) throw new AddressChangeError(`"${to}" is not an e-mail address`);
  if (addressKey(from) === addressKey(to))
    throw new AddressChangeError(`${from} and ${to} are the same address`);
  // A list can be nobody's address but a nonmember's (mailman-behaviour.md, section 20).
  if ((await store.lists.find(addressKey(to))) !== undefined) {
    throw new AddressChangeError(`${to} is the address of a mailing list`);
  }
  const known = await store.addresses.get(to);
  if (!administrator && known?.verified_on === undefined) {
    throw new AddressChangeError(`${to} is not verified yet`);
  }
  const registered_on = clock.now().toISOString();
  return known ?? store.addresses.register({ email: to, display_name, registered_on, preferences: {} });
};

/**
 * Lets an address take the place of another one: memberships in all roles on all lists, open requests, what the address wishes, and its user. When
 * this returns it is sure to happen, and the function command is about to do it; asked again, it goes on.
 * @throws AddressChangeError with a sentence when it cannot be.
 */
export const changeAddress = async (
  change: AddressChange,
  ports: AddressChangePorts,
): Promise<AddressChangeMessage> => {
  const from = await former(change.from, ports);
  const to = await latter(change, from, ports);
  if (from.user_id !== undefined && to.user_id !== undefined && from.user_id !== to.user_id) {
    throw new AddressChangeError(`${to.email} belongs to another user`);
  }
  return beginMove({ id: change.id, from: from.email, to: to.email, what: 'everything' }, ports);
};
