import type { MailingList } from '../lists/list.ts';
import { passwordFits } from '../lists/settings/moderator-password.ts';
import type { Store } from '../store/store.ts';
import type { PasswordCheck } from './confirm-held.ts';

/** How many passwords are looked at in an hour for one list: enough for people who mistype, useless for guessing. */
const mostAttempts = 10;
const hour = 3_600_000;

/** A password that a mail brought. */
export interface Attempt {
  readonly list: MailingList;
  /** The id of the mail: the same mail is one attempt however often it comes. */
  readonly id: string;
  readonly password: string;
  /** When the mail arrived. */
  readonly at: Date;
}

/** Checks the moderators' password, but only so often: beyond the limit it is not looked at, and not even a right one counts. */
export const checkPassword = async (
  { list, id, password, at }: Attempt,
  { store }: { readonly store: Pick<Store, 'limits'> },
): Promise<PasswordCheck> => {
  const begun = new Date(Math.floor(at.getTime() / hour) * hour);
  const name = `moderator-password#${list.list_id}#${begun.toISOString()}`;
  const position = await store.limits.position(name, id, mostAttempts, new Date(begun.getTime() + 2 * hour));
  if (position === undefined || position > mostAttempts) return 'too many attempts';
  const { moderator_password: hash } = list.settings;
  return hash !== null && passwordFits(password, hash) ? 'right' : 'wrong';
};
