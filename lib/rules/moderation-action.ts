import type { moderationActions } from '../members/member.ts';
import { miss, type Rule } from './rule.ts';

type Action = (typeof moderationActions)[number];

/** What the moderation rules have found is to be done with the mail. */
export const moderationIs = (action: Action): Rule => ({
  name: `moderation-is-${action}`,
  record: false,
  check: ({ metadata }) => (metadata.member_moderation_action === action ? { hit: true } : miss),
});
