import { flag, integer, oneOf, optional, textLike } from '../../settings/setting.ts';

/** The gateway to a newsgroup. */
export const newsSettings = {
  linked_newsgroup: textLike('', 'The newsgroup that the list exchanges posts with.', {
    // RFC 5536, section 3.1.4: components of letters, digits, + - and _, parted by dots.
    pattern: /^([\w+-]+(\.[\w+-]+)*)?$/,
    says: 'the name of a newsgroup such as comp.lang.misc, or empty',
  }),
  gateway_to_mail: flag(false, 'Whether articles of the newsgroup become posts.'),
  gateway_to_news: flag(false, 'Whether posts become articles in the newsgroup.'),
  newsgroup_moderation: oneOf(
    ['none', 'open_moderated', 'moderated'],
    'none',
    'Whether the newsgroup is moderated, and whether the list is open all the same.',
  ),
  nntp_prefix_subject_too: flag(true, 'Whether the Subject prefix is put on articles as well.'),
  usenet_watermark: optional(integer(0, 'The number of the last article that was read from the newsgroup.')),
} as const;
