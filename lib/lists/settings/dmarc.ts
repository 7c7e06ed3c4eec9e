import { flag, oneOf, text } from '../../settings/setting.ts';

/** What is done about authors whose domain forbids others to send in its name (DMARC, RFC 7489). */
export const dmarcSettings = {
  dmarc_mitigate_action: oneOf(
    ['no_mitigation', 'munge_from', 'wrap_message', 'reject', 'discard'],
    'no_mitigation',
    'What happens to posts from such domains: nothing, From becomes the list, the post is wrapped in one from the list, or it is sent back or dropped.',
  ),
  dmarc_mitigate_unconditionally: flag(
    false,
    'Whether munging and wrapping are done for every author, whatever the domain says.',
  ),
  dmarc_moderation_notice: text(
    '',
    'The reason given to an author whose post was rejected for DMARC; empty: a standard text.',
  ),
  dmarc_wrapped_message_text: text('', 'A text put before a post that was wrapped.'),
} as const;
