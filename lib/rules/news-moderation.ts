import { missFor, type Rule } from './rule.ts';

/** Hits every post while the newsgroup that the list is linked with is moderated. */
export const newsModeration: Rule = {
  name: 'news-moderation',
  record: true,
  check: ({ list }) =>
    list.settings.newsgroup_moderation === 'moderated'
      ? { hit: true, reason: 'The newsgroup of this list is moderated.' }
      : missFor('No moderated newsgroup is linked.'),
};
