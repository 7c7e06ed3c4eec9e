import { listAddress, type MailingList, postingAddress } from '../lists/list.ts';
import { phrase } from '../mail/address-list.ts';
import { type HeaderEdit, replace } from '../mail/header-edits.ts';
import type { Handler } from './handler.ts';

/** List-Id: the identity that filters sort by, with the description as its phrase (RFC 2919, section 3). */
const listId = ({ list_id, settings }: MailingList): string =>
  [phrase(settings.description), `<${list_id}>`].join(' ').trim();

const listHeaders = (list: MailingList, reduced: boolean): readonly (readonly [string, string])[] => [
  ['List-Id', listId(list)],
  ['List-Help', `<mailto:${listAddress(list, 'request')}?subject=help>`],
  ['List-Owner', `<mailto:${listAddress(list, 'owner')}>`],
  // RFC 2369, section 3.4: NO says that posting is not allowed. Mail of ours is no post and says nothing about posting.
  ...(reduced
    ? []
    : [['List-Post', list.settings.allow_list_posts ? `<mailto:${postingAddress(list)}>` : 'NO'] as const]),
  ['List-Subscribe', `<mailto:${listAddress(list, 'join')}>`],
  ['List-Unsubscribe', `<mailto:${listAddress(list, 'leave')}>`],
];

/**
 * The headers by which mail programs know the list and offer to leave it (RFC 2369, RFC 2919; mailman-behaviour.md,
 * section 25.2), each in place of those of a list that the post has been on before. List-Id comes first, the others by name.
 */
export const rfc2369: Handler = {
  name: 'rfc-2369',
  process: ({ list, metadata }) => {
    if (!list.settings.include_rfc2369_headers) return [];
    const edits: readonly HeaderEdit[] = listHeaders(list, metadata.reduced_list_headers === true).flatMap(
      ([name, value]) => replace(name, value),
    );
    return [{ kind: 'edit-header', edits }];
  },
};
