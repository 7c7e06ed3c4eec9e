import { addressKey } from '../addresses/email-address.ts';
import type { Clock } from '../clock/clock.ts';
import type { AddressChangeMessage } from '../queue/messages.ts';
import type { Queues } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import type { Moving } from './address.ts';

/** A change that cannot be; the message is a sentence for the person who wanted it. */
export class AddressChangeError extends Error {
  override readonly name = 'AddressChangeError';
}

/** What changing addresses needs of the world. */
export interface AddressChangePorts {
  readonly store: Pick<Store, 'addresses' | 'users' | 'members' | 'moved' | 'requests' | 'lists'>;
  readonly queues: Queues;
  readonly clock: Clock;
}

/** The group of the messages that are of no list (fair queues): no list is called so, as each has a dot in its id. */
const siteGroup = 'site';

/** Notes at the new address whose place it takes; what was noted there by somebody who died before the commit counts for nothing. */
const receive = async (from: string, to: string, { addresses }: Pick<Store, 'addresses'>): Promise<void> => {
  if ((await addresses.receive(to, from)) !== undefined) return;
  const there = await addresses.get(to);
  if (there?.moving_to !== undefined) {
    throw new AddressChangeError(`${to} itself is giving its place to ${there.moving_to}`);
  }
  const other = there?.moving_from;
  if (other !== undefined && (await addresses.get(other))?.moving_to !== addressKey(to)) {
    if ((await addresses.receive(to, from, other)) !== undefined) return;
  }
  throw new AddressChangeError(`${to} is in another change at this moment; try again when that is done`);
};

/**
 * Begins to move what belongs to an address to another one. The commit is one conditional write on the address that gives its place; after it
 * the message does the rest, and may be sent again. An address is in one move at most: so no two moves meet, there are no circles, and what
 * stands under an address goes to one place alone.
 * @throws AddressChangeError when one of both is in another move.
 */
export const beginMove = async (
  {
    id,
    from,
    to,
    what,
  }: { readonly id: string; readonly from: string; readonly to: string; readonly what: Moving },
  { store, queues, clock }: AddressChangePorts,
): Promise<AddressChangeMessage> => {
  const { addresses } = store;
  await receive(from, to, store);
  if ((await addresses.move(from, to, what)) === undefined) {
    const here = await addresses.get(from);
    // The same move of another kind still needs the note.
    if (here?.moving_to !== addressKey(to)) await addresses.received(to, from);
    throw new AddressChangeError(`${from} is in another change at this moment; try again when that is done`);
  }
  const at = clock.now().toISOString();
  const message = {
    v: 1,
    type: 'address-change',
    queue: 'command',
    id,
    listid: siteGroup,
    from,
    to,
    at,
  } as const;
  await queues.send([message]);
  return message;
};
