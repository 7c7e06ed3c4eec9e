import { moderationActions } from '../../members/member.ts';
import { headerLines } from '../../settings/header-lines.ts';
import { addressesOrPatterns } from '../../settings/patterns.ts';
import { flag, integer, oneOf, optional } from '../../settings/setting.ts';
import { headerMatches } from './header-rules.ts';
import { moderatorPassword } from './moderator-password.ts';

/** Which posts pass, and which wait for a moderator. */
export const moderationSettings = {
  emergency: flag(false, 'Whether every post waits for a moderator, whoever wrote it.'),
  default_member_action: oneOf(
    moderationActions,
    'defer',
    'What happens to the post of a member without a moderation action of their own. `defer` lets the other rules decide.',
  ),
  default_nonmember_action: oneOf(
    moderationActions,
    'hold',
    'What happens to the post of somebody who is no member, when nothing else names them.',
  ),
  accept_these_nonmembers: addressesOrPatterns('Nonmembers whose posts are not held for being from outside.'),
  hold_these_nonmembers: addressesOrPatterns('Nonmembers whose posts wait for a moderator.'),
  reject_these_nonmembers: addressesOrPatterns('Nonmembers whose posts are sent back.'),
  discard_these_nonmembers: addressesOrPatterns('Nonmembers whose posts are dropped without a word.'),
  administrivia: flag(
    true,
    'Whether a post that looks like a command, such as `unsubscribe`, waits for a moderator.',
  ),
  require_explicit_destination: flag(
    true,
    'Whether a post must name the list in To or Cc. Spam often comes by blind copy.',
  ),
  acceptable_aliases: addressesOrPatterns(
    'Further addresses that count as the list when To and Cc are looked at. Regular expressions are matched at the start, in any letter case.',
  ),
  max_message_size: integer(
    40,
    'The largest post in KB (1024 bytes) that passes without a moderator; 0: any size.',
  ),
  max_num_recipients: integer(
    10,
    'A post that names more addresses than this in To and Cc waits for a moderator; 0: any number.',
  ),
  max_days_to_hold: integer(0, 'After how many days a held post is dropped; 0: not by its age.'),
  bounce_matching_headers: headerLines(
    [
      'to: friend@public.com',
      'message-id: relay.comanche.denmark.eu',
      'from: list@listme.com',
      'from: .*@uplinkpro.com',
    ].join('\n'),
    'Lines of the form `header: regular expression`. A post with a header that matches one waits for a moderator. Blank lines and lines that begin with # are ignored.',
  ),
  header_matches: headerMatches(
    'Rules on headers, in order: each names a header, a regular expression, and what happens to a post that matches (nothing: what the site has set for spam).',
  ),
  moderator_password: optional(
    moderatorPassword('The password that an Approved header may carry to pass the moderators.'),
  ),
  admin_immed_notify: flag(true, 'Whether the moderators are told of each waiting request at once.'),
  respond_to_post_requests: flag(
    true,
    'Whether the author of a held post is told that it waits for a moderator.',
  ),
} as const;
