import { missFor, type Rule } from './rule.ts';

/** Hits a mail that names no sender by a valid address, neither in its headers nor in its envelope. */
export const noSenders: Rule = {
  name: 'no-senders',
  record: true,
  check: ({ senders }) =>
    senders.length > 0
      ? missFor('It names a sender.')
      : {
          hit: true,
          reason: 'The message names no valid sender address.',
          metadata: { moderation_sender: 'N/A' },
        },
};
