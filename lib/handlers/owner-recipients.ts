import { takesMail } from '../members/effective.ts';
import type { Handler } from './handler.ts';

/**
 * Mail to the owners goes to owners and moderators with delivery enabled; when there is none, to the site owner, so that it is
 * never lost. It is not decorated, and each copy has an envelope sender of its own (mailman-behaviour.md, section 10).
 */
export const ownerRecipients: Handler = {
  name: 'owner-recipients',
  process: ({ site, metadata }) => [
    { kind: 'add-metadata', metadata: { nodecorate: true, verp: true } },
    ...(metadata.recipients !== undefined
      ? []
      : [
          {
            kind: 'choose-recipients',
            plan: {
              roles: ['owner', 'moderator'],
              keeps: takesMail,
              otherwise: [site.mailman.site_owner],
            },
          } as const,
        ]),
  ],
};
