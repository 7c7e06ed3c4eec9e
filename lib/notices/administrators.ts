import { addressKey } from '../addresses/email-address.ts';
import type { Site } from '../config/site.ts';
import type { MailingList } from '../lists/list.ts';
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
      for (const { email, delivery_status = 'enabled' } of page) {
        const key = addressKey(email);
        if (delivery_status === 'enabled' && !found.has(key)) found.set(key, email);
      }
    }
  }
  return found.size > 0 ? [...found.values()] : [mailman.site_owner];
};
