import { addressKey } from '../addresses/email-address.ts';
import type { Site } from '../config/site.ts';
import type { Store } from '../store/store.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** A mail of ours that somebody gets because of what a mail with their address in it said: it may have been forged. */
export interface UnaskedMail {
  readonly list_id: string;
  readonly email: string;
  /** What causes it: the same cause is counted once, however often it comes. */
  readonly cause: string;
  /** When the cause arrived, so that a repetition is counted on the same day. */
  readonly at: Date;
  /**
   * Whether the address is known to the list, or somebody who reads its mail has confirmed it. A stranger's address gets one such mail a day and
   * list, whatever it is about: it may be a victim (RFC 3834, section 2).
   */
  readonly known: boolean;
}

const within = async (
  name: string,
  { cause, at }: UnaskedMail,
  span: number,
  most: number,
  { limits }: Pick<Store, 'limits'>,
): Promise<boolean> => {
  const begun = new Date(Math.floor(at.getTime() / span) * span);
  const full = `${name}#${begun.toISOString()}`;
  const position = await limits.position(full, cause, most, new Date(begun.getTime() + 2 * span));
  return position !== undefined && position <= most;
};

/**
 * Whether a mail that nobody has asked for with certainty may be sent: answers to commands and confirmation mails count together. Lists that
 * are named in one attack share the limit of the hour; a limit of 0 is none.
 */
export const mayWriteUnasked = async (
  mail: UnaskedMail,
  { store, site }: { readonly store: Pick<Store, 'limits'>; readonly site: Pick<Site, 'mailman' | 'mta'> },
): Promise<boolean> => {
  const email = addressKey(mail.email);
  const aDay = mail.known ? site.mta.max_autoresponses_per_day : 1;
  if (aDay > 0 && !(await within(`unasked#${mail.list_id}#${email}`, mail, day, aDay, store))) return false;
  const anHour = site.mailman.max_confirmations_per_hour;
  return anHour === 0 || within(`unasked#${email}`, mail, hour, anHour, store);
};
