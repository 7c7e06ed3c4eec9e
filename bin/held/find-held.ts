import type { HeldMail } from '../../lib/held/held-mail.ts';
import { type MailingList, postingAddress } from '../../lib/lists/list.ts';
import type { Store } from '../../lib/store/store.ts';
import { CommandError, UsageError } from '../cli/errors.ts';

/** The number of a held mail as a person gave it. */
export const heldNumber = (given: string): number => {
  if (!/^[1-9]\d{0,11}$/.test(given)) throw new UsageError(`"${given}" is not the number of a held mail`);
  return Number(given);
};

/** A held mail by its number. */
export const findHeld = async (store: Store, list: MailingList, number: number): Promise<HeldMail> => {
  const held = await store.held.get(list.list_id, number);
  if (held !== undefined) return held;
  throw new CommandError(
    `${postingAddress(list)} holds no mail ${number}; it may have been decided on (held ls shows what waits)`,
  );
};
