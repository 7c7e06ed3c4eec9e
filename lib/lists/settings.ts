import type { ValuesOf } from '../settings/setting.ts';
import { flag, integer, text } from '../settings/setting.ts';

/** Every setting of a list, with Mailman's name and default (mailman-behaviour.md, section 21). */
export const listSettings = {
  allow_list_posts: flag(true, 'Whether members may post; when not, List-Post says NO.'),
  description: text('', 'One line about the list.'),
  include_rfc2369_headers: flag(true, 'Whether posts carry List-* headers (RFC 2369).'),
  max_message_size: integer(
    40,
    'The largest post in KB (1024 bytes) that passes without a moderator; 0: any size.',
  ),
} as const;

/** The values of all settings of one list. */
export type ListSettings = ValuesOf<typeof listSettings>;
