import { miss, type Rule } from './rule.ts';

/** Hits a mail that names no sender by a valid address, neither in its headers nor in its envelope. */
export const noSenders: Rule = {
  name: 'no-senders',
  record: true,
  check: ({ senders }) =>
    senders.length > 0
      ? miss
      : {
          hit: true,
          reason: 'The message names no valid sender address.',
          metadata: { moderation_sender: 'N/A' },
        },
};
