import type { Verb } from '../cli/verb.ts';
import { changeBans } from './change.ts';
import { siteOption } from './where.ts';

/** `ban remove` */
export const verb: Verb = {
  summary: 'Lift bans.',
  usage: 'LIST|--site ADDRESS|PATTERN...',
  examples: [['ban remove ant@example.com mallory@example.net', 'Let an address in again.']],
  options: siteOption,
  run: (call) =>
    changeBans(call, 'remove', {
      done: 'Lifted the ban of',
      preposition: 'from',
      already: 'is not banned',
    }),
};
