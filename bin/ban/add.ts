import type { Verb } from '../cli/verb.ts';
import { changeBans } from './change.ts';
import { siteOption } from './where.ts';

/** `ban add` */
export const verb: Verb = {
  summary: 'Ban addresses: their posts are dropped, and they cannot join.',
  usage: 'LIST|--site ADDRESS|PATTERN...',
  details:
    'A pattern is a regular expression that begins with ^. It is matched at the start of an address, in any letter case, and\nhas the syntax of RE2: nothing that looks around or back.',
  examples: [
    ['ban add ant@example.com mallory@example.net', 'Ban an address from a list.'],
    ["ban add --site '^.*@spam\\.example$'", 'Ban a domain from all lists.'],
  ],
  options: siteOption,
  run: (call) =>
    changeBans(call, 'add', { done: 'Banned', preposition: 'from', already: 'is banned already' }),
};
