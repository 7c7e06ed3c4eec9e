import { randomUUID } from 'node:crypto';
import type { Blobs } from '../blobs/blobs.ts';
import { heldKey } from '../blobs/keys.ts';
import type { Clock } from '../clock/clock.ts';
import { forEachAtOnce } from '../concurrency/for-each-at-once.ts';
import type { Site } from '../config/site.ts';
import type { HeldMail } from '../held/held-mail.ts';
import { removeAllMembers } from '../members/remove-all-members.ts';
import type { Store } from '../store/store.ts';
import type { MailingList } from './list.ts';

/** What removing a list needs from outside. */
export interface RemoveListPorts {
  readonly store: Pick<Store, 'lists' | 'members' | 'mails' | 'held' | 'requests' | 'bans' | 'templates'>;
  readonly blobs: Blobs;
  readonly site: Site;
  readonly clock: Clock;
}

// The same bound as in removing members.
const atOnce = 32;

/** Discards a held mail. Its item goes last, by which a repetition finds it. */
const discard = async (held: HeldMail, { store, blobs, site, clock }: RemoveListPorts): Promise<void> => {
  const now = clock.now();
  await store.mails.moderate(
    held.mail_id,
    { deed: 'discard', by: 'npx belfry list delete', at: now.toISOString(), wish: randomUUID() },
    new Date(now.getTime() + site.retention.posts * 1000),
  );
  await blobs.remove(heldKey(held.mail_id));
  await store.held.remove(held.list_id, held.request_id);
};

/**
 * Removes a list with all that would come back if one of its name were made later: what it holds, the requests that wait, bans, texts and members;
 * gives how many memberships there were. The list goes last: were this interrupted, the same call would find it and go on.
 */
export const removeList = async (
  { list_id }: Pick<MailingList, 'list_id'>,
  ports: RemoveListPorts,
  onProgress?: (members: number) => void,
): Promise<number> => {
  const { store, clock } = ports;
  await forEachAtOnce(store.held.ls(list_id), atOnce, (held) => discard(held, ports));
  const requests = store.requests.ls(list_id, { now: clock.now() });
  await forEachAtOnce(requests, atOnce, (request) => store.requests.end(request));
  // The bans of a list are one item, so they are taken from it one by one.
  for (const entry of await store.bans.ls(list_id)) await store.bans.remove(list_id, entry);
  for await (const { name } of store.templates.ls(list_id)) await store.templates.remove(list_id, name);
  const members = await removeAllMembers(store, list_id, onProgress);
  await store.lists.remove(list_id);
  return members;
};
