import { moment } from '../../settings/moments.ts';
import { integer } from '../../settings/setting.ts';

/**
 * What a list counts by itself. They are settings, because whoever moves a list from elsewhere wants its posts and digests
 * numbered on; the store keeps them in an item of their own, because every post writes them.
 */
export const stateSettings = {
  post_id: integer(1, 'The number that the next post gets.', { min: 1 }),
  last_post_at: moment('When the last post was made.'),
  volume: integer(1, 'The volume of the next digest.', { min: 1 }),
  next_digest_number: integer(1, 'The number of the next digest in its volume.', { min: 1 }),
  digest_last_sent_at: moment('When the last digest was sent.'),
} as const;
