import { addressKey } from '../addresses/email-address.ts';
import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
import { takesMail } from '../members/effective.ts';
import type { Store } from '../store/store.ts';

/**
 * Who gets what is written to the owners of a list: owners and moderators with delivery enabled, each once; when there is none,
 * the site owner, so that somebody is told.
 */
export const administratorsOf = async (
  { list_id }: MailingList,
  { members }: Pick<Store, 'members'>,
  { mailman }: Pick<Site, 'mailman'>,
): Promise<readonly string[]> => {
  const found = new Map<string, string>();
  for (const role of ['owner', 'moderator'] as const) {
    for await (const page of members.pages(list_id, role)) {
      for (const member of page) {
        const key = addressKey(member.email);
        if (takesMail(member) && !found.has(key)) found.set(key, member.email);
      }
    }
  }
  return found.size > 0 ? [...found.values()] : [mailman.site_owner];
};
