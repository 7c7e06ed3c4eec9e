import { missFor, type Rule } from './rule.ts';

/** Hits every post while the list is in emergency moderation, unless a moderator has seen this one. */
export const emergency: Rule = {
  name: 'emergency',
  record: true,
  check: ({ list, metadata }) =>
    list.settings.emergency && metadata.moderator_approved !== true
      ? { hit: true, reason: 'Every message to this list waits for a moderator at present.' }
      : missFor('The list is in no emergency.'),
};
