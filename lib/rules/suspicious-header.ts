import { readHeaderLines } from '../settings/header-lines.ts';
import { isInHeader } from './header-search.ts';
import { missFor, type Rule } from './rule.ts';

/** Hits a post with a header that matches a line of `bounce_matching_headers`. */
export const suspiciousHeader: Rule = {
  name: 'suspicious-header',
  record: true,
  check: ({ list, mail }) => {
    const found = readHeaderLines(list.settings.bounce_matching_headers).find(({ header, pattern }) =>
      isInHeader(mail.fields, header, pattern),
    );
    return found === undefined
      ? missFor('None of its headers is suspicious.')
      : { hit: true, reason: `The header ${found.header} of the message is suspicious.` };
  },
};
