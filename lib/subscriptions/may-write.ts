import { addressKey } from '../addresses/email-address.ts';
import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import { isWithin } from '../notices/answer-limit.ts';
import type { Store } from '../store/store.ts';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * The mailbox that an address leads to at nearly every provider: anybody can make up what follows a plus sign (RFC 5233), and at Google's also where the dots
 * stand. So a thousand spellings of one mailbox are one.
 */
const mailboxOf = (address: string): string => {
  const at = address.lastIndexOf('@');
  const [local = ''] = address.slice(0, at).split('+', 1);
  const domain = address.slice(at);
  return `${/^@(?:gmail|googlemail)\.com$/.test(domain) ? local.replaceAll('.', '') : local}${domain}`;
};

/** A mail that a stranger could make us write to somebody. */
export interface UnaskedMail {
  /** What kind of mail: each has its own one a day. */
  readonly kind: 'join' | 'leave' | 'already-member';
  readonly list: Pick<MailingList, 'list_id'>;
  readonly email: string;
  /** The id of the wish: the same wish is counted once. */
  readonly cause: string;
  /** When it was wished. */
  readonly at: Date;
  /** What makes the mail another one on the same day: the address itself has done something since. */
  readonly since: string;
}

/**
 * Whether a mail that somebody may not have asked for is written: one in a day from one list, and so many in an hour from all lists to one mailbox, so that
 * nobody can bury it under confirmations by mails with a forged sender.
 */
export const mayWrite = async (
  { kind, list, email, cause, at, since }: UnaskedMail,
  { store, site }: { readonly store: Pick<Store, 'limits'>; readonly site: Pick<Site, 'mailman'> },
): Promise<boolean> => {
  const address = addressKey(email);
  const today = at.toISOString().slice(0, 10);
  const first = await store.limits.position(
    `unasked#${kind}#${list.list_id}#${address}#${today}#${since}`,
    cause,
    1,
    new Date(Date.parse(today) + 2 * day),
  );
  if (first !== 1) return false;
  const most = site.mailman.max_confirmations_per_hour;
  return isWithin({ name: `unasked#${mailboxOf(address)}`, cause, at, span: hour, most }, { store });
};
