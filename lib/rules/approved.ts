import { missFor, type Rule, type RuleResult } from './rule.ts';

const found: Pick<RuleResult, 'metadata'> = { metadata: { has_approved: true } };

/**
 * Hits a mail that carries the password of the moderators, in a header or on its first line. The password was read and checked before the
 * chain, because checking takes time on purpose and tries are counted; `has_approved` makes the pipeline remove it from the post.
 */
export const approved: Rule = {
  name: 'approved',
  record: true,
  asks: ['approval'],
  check: ({ list, answers }) => {
    if (list.settings.moderator_password === null) return missFor('The list has no moderator password.');
    switch (answers.approval) {
      case 'none':
        return missFor('It carries no password for the moderators.');
      case 'fits':
        return { hit: true, reason: 'The message carries the password of the moderators.', ...found };
      case 'wrong':
        return { ...missFor('The password that it carries is wrong.'), ...found };
      case 'unchecked':
        return {
          ...missFor('Too many passwords were tried lately, so this one was not looked at.'),
          ...found,
        };
    }
  },
};
