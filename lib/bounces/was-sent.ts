import type { Blobs } from '../blobs/blobs.ts';
import type { Clock } from '../clock/clock.ts';
import { findRecipient } from '../posts/find-recipient.ts';
import { takeSome } from '../posts/take-some.ts';
import type { Store } from '../store/store.ts';

/** What looking for a post to a member needs of the world. */
export interface SentPorts {
  readonly store: Pick<Store, 'posts' | 'mails'>;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly clock: Clock;
}

/** For how long a post may still bounce: mail servers try for five days, and forwarders some days more. */
const month = 30 * 86_400_000;

/** How many posts are looked at: who gets posts at all is found in the first or second, and nobody can make this read without end. */
const most = 20;

/** Where the Message-ID says which post it was: so many are looked through, 25 a request, and only the rosters of that one are read. */
const mostNamed = 500;

/** A Message-ID as it is compared. */
const bareId = (id: string): string => id.replace(/^\s*<|>\s*$/g, '');

/**
 * Whether a post of the last 30 days, one of the latest 20, had an address on its roster. Reports and VERP addresses can be written by anybody; only where a
 * post went out can one come back. With Message-IDs it must have been a post with one of these.
 */
export const wasSentPost = async (
  listId: string,
  email: string,
  { store, blobs, clock }: SentPorts,
  messageIds?: readonly string[],
): Promise<boolean> => {
  const now = clock.now();
  const named = messageIds === undefined ? undefined : new Set(messageIds.map(bareId));
  if (named?.size === 0) return false;
  for await (const post of takeSome(
    store.posts.latest(listId, now),
    named === undefined ? most : mostNamed,
  )) {
    if (now.getTime() - Date.parse(post.at) > month) return false;
    if (named?.has(bareId(post.message_id)) === false) continue;
    const record = await store.mails.get(post.id);
    if (record?.roster === undefined) continue;
    const found = await findRecipient(post.id, record.roster, email, blobs);
    if (found.kind === 'found') return true;
  }
  return false;
};
