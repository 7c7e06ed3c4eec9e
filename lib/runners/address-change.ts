import { addressKey } from '../addresses/email-address.ts';
import { ShuntError } from '../errors/shunt-error.ts';
import type { AddressChangeMessage } from '../queue/messages.ts';
import type { Address } from '../users/address.ts';
import type { AddressChangePorts } from '../users/begin-move.ts';
import { carryMembers } from '../users/carry-members.ts';
import { spreadPreferences } from '../users/spread-preferences.ts';

/**
 * Memberships are found by an index that follows the table, usually within a second (docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html):
 * a look that finds nothing counts only so long after the change was begun.
 */
const settleSeconds = 5;

/** Two addresses, of which one takes the place of the other. */
interface Move {
  readonly from: Address;
  readonly to: Address;
}

/** Makes the new address what the former one is to its user, and gives it the wishes that it does not have itself. */
const inherit = async ({ from, to }: Move, { store }: AddressChangePorts): Promise<void> => {
  const { addresses, users } = store;
  if (from.moving_what !== 'as_user') {
    await addresses.set(to.email, {
      preferences: { ...from.preferences, ...to.preferences },
      display_name: to.display_name === '' ? from.display_name : to.display_name,
      ...(to.user_id === undefined && from.user_id !== undefined ? { user_id: from.user_id } : {}),
    });
  }
  if (from.user_id === undefined) return;
  const preferred = (await users.get(from.user_id))?.preferred_address;
  if (preferred !== undefined && addressKey(preferred) === addressKey(from.email)) {
    await users.set(from.user_id, { preferred_address: to.email });
  }
};

/** Carries what is found under the former address; gives how much that was. */
const carryOver = async ({ from, to }: Move, ports: AddressChangePorts): Promise<number> => {
  const { store, clock } = ports;
  const all = from.moving_what !== 'as_user';
  const meant = ({ user_id }: { readonly user_id?: string | undefined }): boolean =>
    all || (user_id !== undefined && user_id === from.user_id);
  let carried = await carryMembers(from.email, to.email, meant, ports);
  if (!all) return carried;
  for await (const request of store.requests.of(from.email, clock.now())) {
    await store.requests.carry(request, to.email, clock.now());
    carried += 1;
  }
  for await (const former of store.members.former.of(from.email, clock.now())) {
    if (await store.members.former.carry(former, to.email, clock.now())) carried += 1;
  }
  return carried;
};

/** The two addresses, while the change is under way; undefined when it is done. */
const underWay = async (
  { from, to }: AddressChangeMessage,
  { store: { addresses } }: AddressChangePorts,
): Promise<Move | undefined> => {
  const former = await addresses.get(from);
  if (former?.moving_to !== addressKey(to)) {
    // Whoever ended it may have died before the last of its writes.
    await addresses.received(to, from);
    return undefined;
  }
  const latter = await addresses.receive(to, from);
  if (latter === undefined) {
    throw new ShuntError(`${to} cannot take the place of ${from}: it is gone, or in another change.`);
  }
  return { from: former, to: latter };
};

/**
 * Carries everything from an address to the one that takes its place. The commit was made when the change was begun (`lib/users/begin-move.ts`); all that
 * is done here may be repeated at any point. The message is sent again until a look finds nothing more to carry, and the former address goes last.
 * @throws ShuntError when the new address is gone.
 */
export const runAddressChange = async (
  message: AddressChangeMessage,
  ports: AddressChangePorts,
): Promise<void> => {
  const move = await underWay(message, ports);
  if (move === undefined) return;
  const { from, to } = move;
  const { addresses } = ports.store;
  await inherit(move, ports);
  const carried = await carryOver(move, ports);
  await spreadPreferences(to.email, ports.store);
  const since = ports.clock.now().getTime() - Date.parse(message.at);
  if (carried > 0 || since < settleSeconds * 1000) {
    return ports.queues.send([message], { delaySeconds: settleSeconds });
  }
  if (from.moving_what === 'as_user') await addresses.moved(from.email, to.email);
  else await addresses.remove(from.email, to.email);
  await addresses.received(to.email, from.email);
};
