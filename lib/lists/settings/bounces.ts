import { duration, flag, integer, oneOf } from '../../settings/setting.ts';

/** What follows when mail to a member comes back. */
export const bounceSettings = {
  process_bounces: flag(true, 'Whether bounces are counted at all.'),
  bounce_score_threshold: integer(
    5,
    'At which score delivery to a member is disabled. A day with bounces adds one.',
  ),
  bounce_info_stale_after: duration(
    '7d',
    'After how long without a bounce the score of a member begins anew.',
  ),
  bounce_you_are_disabled_warnings: integer(
    3,
    'How many warnings a member whose delivery was disabled by bounces gets before being removed.',
  ),
  bounce_you_are_disabled_warnings_interval: duration(
    '7d',
    'How long it is from one such warning to the next.',
  ),
  bounce_notify_owner_on_bounce_increment: flag(
    false,
    'Whether the owners are told of each bounce that raises a score.',
  ),
  bounce_notify_owner_on_disable: flag(true, 'Whether the owners are told when delivery is disabled.'),
  bounce_notify_owner_on_removal: flag(true, 'Whether the owners are told when bounces remove a member.'),
  forward_unrecognized_bounces_to: oneOf(
    ['discard', 'administrators', 'site_owner'],
    'administrators',
    'Who gets mail to the bounces address in which no bounce could be recognised.',
  ),
} as const;
