import { append, remove } from '../mail/header-edits.ts';
import type { Handler } from './handler.ts';

const hitsHeader = 'X-Mailman-Rule-Hits';
const missesHeader = 'X-Mailman-Rule-Misses';

/**
 * Tells in the post which rules hit and missed (mailman-behaviour.md, section 7). Mailman's accept chain writes these headers;
 * here they are written when the post is made, so that the stored bytes stay as they came. Incoming ones tell of another
 * list, or pretend, and are removed.
 */
export const ruleHeaders: Handler = {
  name: 'rule-headers',
  process: ({ record: { rule_hits, rule_misses } }) => [
    {
      kind: 'edit-header',
      edits: [
        remove(hitsHeader, missesHeader),
        ...(rule_hits.length > 0 ? [append(hitsHeader, rule_hits.join('; '))] : []),
        ...(rule_misses.length > 0 ? [append(missesHeader, rule_misses.join('; '))] : []),
      ],
    },
  ],
};
