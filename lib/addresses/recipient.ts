import type { MailingList } from '../lists/list.ts';
import type { Subaddress } from '../queue/messages.ts';

/** What must be known of a list to bring a mail to it. */
export type ListName = Pick<MailingList, 'list_id' | 'list_name' | 'mail_host'>;

/** What resolving a recipient asks of the store. */
export interface RecipientLookups {
  /** The mail host that a domain stands for. */
  readonly resolve: (domain: string) => Promise<string | undefined>;
  /** The list with this posting address. */
  readonly find: (fqdn: string) => Promise<ListName | undefined>;
}

/** Whom a recipient address means. */
export interface Recipient {
  readonly list: ListName;
  /** Absent for the posting address. */
  readonly subaddress?: Subaddress;
  /** What follows the first delimiter in the local part, as it was written; absent when there is no delimiter. */
  readonly detail?: string;
}

/** The tails of a local part that are sub-addresses, and which one each is (mailman-behaviour.md, section 2.2). */
const tails: Readonly<Record<string, Subaddress>> = {
  bounces: 'bounces',
  confirm: 'confirm',
  join: 'join',
  leave: 'leave',
  owner: 'owner',
  request: 'request',
  subscribe: 'join',
  unsubscribe: 'leave',
};

interface Split {
  readonly name: string;
  readonly subaddress: Subaddress;
}

const splitTail = (local: string): Split | undefined => {
  const dash = local.lastIndexOf('-');
  const tail = local.slice(dash + 1);
  if (dash < 1 || !Object.hasOwn(tails, tail)) return undefined;
  const subaddress = tails[tail];
  return subaddress === undefined ? undefined : { name: local.slice(0, dash), subaddress };
};

/**
 * Finds whom a recipient address means, by Mailman's steps (mailman-behaviour.md, section 2.2): an alias domain stands for
 * its mail host, what follows the delimiter is cut off, a known tail is a sub-address, and a list that is named like a
 * sub-address wins over it. Undefined when there is no such list.
 */
export const findRecipient = async (
  address: string,
  lookups: RecipientLookups,
  delimiter: string,
): Promise<Recipient | undefined> => {
  const at = address.lastIndexOf('@');
  if (at < 1) return undefined;
  const cut = address.slice(0, at).indexOf(delimiter);
  const local = address.slice(0, cut === -1 ? at : cut).toLowerCase();
  const detail = cut === -1 ? {} : { detail: address.slice(cut + delimiter.length, at) };
  const host = await lookups.resolve(address.slice(at + 1).toLowerCase());
  if (host === undefined || local === '') return undefined;

  const split = splitTail(local);
  // Both are asked for at once: the list named like a sub-address is rare, and would cost every other mail a round trip.
  const [whole, list] = await Promise.all([
    lookups.find(`${local}@${host}`),
    split === undefined ? undefined : lookups.find(`${split.name}@${host}`),
  ]);
  if (whole !== undefined) return { list: whole, ...detail };
  if (split === undefined || list === undefined) return undefined;
  return { list, subaddress: split.subaddress, ...detail };
};

/** The part of the detail that tells one destination from another: tokens and VERP addresses do, tags do not (design, rule 4). */
export const meaningfulDetail = (recipient: Recipient): string | undefined =>
  recipient.subaddress === 'confirm' || recipient.subaddress === 'bounces' ? recipient.detail : undefined;
