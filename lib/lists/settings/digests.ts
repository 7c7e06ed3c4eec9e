import { decimal, flag, oneOf } from '../../settings/setting.ts';

/** How posts are collected into digests. */
export const digestSettings = {
  digests_enabled: flag(true, 'Whether posts are collected for members who want digests.'),
  digest_size_threshold: decimal(30, 'The size in KB (1024 bytes) at which a digest is sent at once.'),
  digest_send_periodic: flag(true, 'Whether a digest is sent each day however small it is.'),
  digest_volume_frequency: oneOf(
    ['yearly', 'monthly', 'quarterly', 'weekly', 'daily'],
    'monthly',
    'How often a new volume begins, whose digests count from 1 again.',
  ),
} as const;
