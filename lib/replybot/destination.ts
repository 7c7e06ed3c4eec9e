import type { MailingList } from '../lists/list.ts';
import type { Metadata } from '../queue/messages.ts';

/** What of a list a mail was written to, as far as there are automatic answers (mailman-behaviour.md, section 19.1). */
export const destinations = ['owner', 'postings', 'requests'] as const;
export type Destination = (typeof destinations)[number];

/** Where a mail went; undefined for addresses that are never answered automatically, such as -confirm. */
export const destinationOf = ({ to_owner, to_list, subaddress }: Metadata): Destination | undefined => {
  if (to_owner === true) return 'owner';
  if (to_list === true) return 'postings';
  return subaddress === 'request' ? 'requests' : undefined;
};

/** What the list wants for such mail. */
export const replyOf = (
  { settings }: Pick<MailingList, 'settings'>,
  destination: Destination,
): MailingList['settings']['autorespond_owner'] => settings[`autorespond_${destination}`];
