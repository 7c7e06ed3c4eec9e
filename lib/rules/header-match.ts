import { isInHeader } from './header-search.ts';
import { missFor, type Rule } from './rule.ts';

/**
 * A rule for one header match: hits when the regular expression is found in the decoded value of that header, in the mail or in one of its
 * parts. The chain `header-match` makes these for the site and for each list.
 */
export const headerMatchRule = (name: string, header: string, source: string): Rule => ({
  name,
  record: true,
  check: ({ mail, text }) =>
    isInHeader([...mail.fields, ...text.partFields], header, source)
      ? { hit: true, reason: `The header ${header} of the message matches a filter of the list or the site.` }
      : missFor('That filter does not match.'),
});
