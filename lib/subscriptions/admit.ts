import { createHash } from 'node:crypto';
import { addressKey } from '../addresses/email-address.ts';
import type { Member } from '../members/member.ts';
import { asBefore } from '../members/rejoin.ts';
import type { Store } from '../store/store.ts';
import type { Address } from '../users/address.ts';
import { newUser } from '../users/new-user.ts';
import { inheritedBy } from '../users/spread-preferences.ts';
import type { SubscriptionRequest } from './request.ts';

type AdmitStore = Pick<Store, 'addresses' | 'members' | 'users'>;

/** When somebody who reads the mail of the address has said so, or somebody said it in their place; undefined when nobody did. */
const verifiedOn = (request: SubscriptionRequest): string | undefined => {
  const { state, by, email, pre_verified, confirmed_at, changed_at } = request;
  if (state === 'invited') return undefined;
  if (confirmed_at !== undefined) return confirmed_at;
  return pre_verified || addressKey(by) === addressKey(email) ? changed_at : undefined;
};

/**
 * Makes the address known, with a user if it has none, and verified when the request says so (mailman-behaviour.md, section 15). The id of the user
 * follows from the request, so that a repetition makes no second one.
 */
export const knowAddress = async (
  request: SubscriptionRequest,
  { addresses, users }: AdmitStore,
): Promise<Address> => {
  const { email, display_name, changed_at } = request;
  const verified_on = verifiedOn(request);
  const verify = async (address: Address): Promise<Address> => {
    if (address.verified_on !== undefined || verified_on === undefined) return address;
    return (await addresses.verify(email, new Date(verified_on))) ?? address;
  };
  const known = await addresses.get(email);
  if (known?.user_id !== undefined) return verify(known);
  const user_id = createHash('sha256').update(`user of ${request.member_id}`).digest('hex').slice(0, 32);
  await users.create({ ...newUser(display_name, new Date(changed_at)), user_id });
  const registered_on = request.created_at;
  const address = await addresses.register({
    email,
    display_name,
    registered_on,
    ...(verified_on === undefined ? {} : { verified_on }),
    user_id,
    preferences: {},
  });
  if (address.user_id === undefined) await addresses.set(email, { user_id });
  // Another list was faster.
  else if (address.user_id !== user_id) await users.remove(user_id);
  return verify(address);
};

/**
 * Makes the member of a request; whoever repeats it finds the same one. Undefined when the address is a member by somebody else's deed, or has left
 * since the request was decided: then nothing follows.
 */
export const admit = async (
  request: SubscriptionRequest,
  { members, ...store }: AdmitStore,
): Promise<Member | undefined> => {
  const { list_id, email, display_name, member_id, delivery_mode, changed_at } = request;
  const now = new Date(changed_at);
  const [former, inherited, there] = await Promise.all([
    members.former.get(list_id, email, now),
    inheritedBy(email, store),
    members.get(list_id, 'member', email),
  ]);
  if (there !== undefined) return there.member_id === member_id ? there : undefined;
  if (former !== undefined && former.left_at > changed_at) return undefined;
  const member: Member = {
    ...asBefore(former),
    member_id,
    list_id,
    role: 'member',
    email,
    display_name,
    ...(delivery_mode === undefined ? {} : { delivery_mode }),
    ...(inherited === undefined ? {} : { inherited }),
    subscribed_at: changed_at,
  };
  if (await members.add(member)) return member;
  const faster = await members.get(list_id, 'member', email);
  return faster?.member_id === member_id ? faster : undefined;
};
