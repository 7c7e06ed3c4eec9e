import { missFor, type Rule } from './rule.ts';

// `max_message_size` counts KB of 1024 bytes (mailman-behaviour.md, section 6.2).
const kilobyte = 1024;

/** Hits a mail that is larger, as it was received, than the list lets through without a moderator. */
export const maxSize: Rule = {
  name: 'max-size',
  record: true,
  check: ({ list, metadata }) => {
    const limit = list.settings.max_message_size;
    if (limit === 0 || metadata.original_size <= limit * kilobyte) return missFor('It is not too large.');
    const size = Math.ceil(metadata.original_size / kilobyte);
    return { hit: true, reason: `The message has ${size} KB; the list lets ${limit} KB through.` };
  },
};
