import { addressKey } from '../addresses/email-address.ts';
import { sendersOf } from '../mail/senders.ts';
import { preferenceOf, takesMail } from '../members/effective.ts';
import type { Handler } from './handler.ts';
import { namedByAuthor } from './named-by-author.ts';

/**
 * A post goes to the members with delivery enabled, but not to its sender when that member does not want own posts. Members
 * with a digest mode get it as well until there are digests; their record keeps the mode. Recipients that are in the
 * metadata already are left alone. The sender is read from the mail as it came, because an anonymous list removes it.
 */
export const memberRecipients: Handler = {
  name: 'member-recipients',
  process: ({ mail, record, list, site, metadata }) => {
    if (metadata.recipients !== undefined) return [];
    const [sender] = sendersOf(mail, record.envelope.sender, site.mailman.sender_headers);
    return [
      {
        kind: 'choose-recipients',
        plan: {
          roles: ['member'],
          keeps: (member) =>
            takesMail(member) &&
            (preferenceOf(member, 'receive_own_postings') || addressKey(member.email) !== sender),
          named: namedByAuthor(mail, list),
          otherwise: [],
        },
      },
    ];
  },
};
