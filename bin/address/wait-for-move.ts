import { setTimeout as pause } from 'node:timers/promises';
import { addressKey } from '../../lib/addresses/email-address.ts';
import type { AddressChangeMessage } from '../../lib/queue/messages.ts';
import type { Store } from '../../lib/store/store.ts';

/** For how long a change is waited for, and how often it is looked for: it takes a function's start and a second look after some seconds. */
const patienceMs = 30_000;
const strideMs = 200;

/** Waits until everything is carried to the address that takes the place of another; false when that takes too long. */
export const waitForMove = async (
  { from, to }: AddressChangeMessage,
  { addresses }: Pick<Store, 'addresses'>,
): Promise<boolean> => {
  const until = Date.now() + patienceMs;
  for (;;) {
    if ((await addresses.get(from))?.moving_to !== addressKey(to)) return true;
    if (Date.now() > until) return false;
    await pause(strideMs);
  }
};
