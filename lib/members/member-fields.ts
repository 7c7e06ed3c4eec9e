import { languages } from '../lists/languages.ts';
import { line } from '../settings/lines.ts';
import { parseFields } from '../settings/parse-fields.ts';
import { flag, oneOf, optional } from '../settings/setting.ts';
import { deliveryModes, deliveryStatuses, type Member, moderationActions } from './member.ts';

/**
 * What can be set of a member (mailman-behaviour.md, section 20). A field without a value is inherited from the address, the
 * user or the list; the `fallback` of each is that it has none.
 */
export const memberFields = {
  display_name: line('', 'The name of the member, as it stands beside the address.'),
  moderation_action: optional(
    oneOf(moderationActions, 'defer', "What happens to the member's posts; `defer` lets the rules decide."),
  ),
  delivery_mode: optional(oneOf(deliveryModes, 'regular', 'Whether posts come one by one or in digests.')),
  delivery_status: optional(
    oneOf(deliveryStatuses, 'enabled', 'Whether posts come at all, or who stopped them.'),
  ),
  acknowledge_posts: optional(flag(false, 'Whether the member is told by mail that a post went out.')),
  hide_address: optional(flag(true, 'Whether the address is left out of lists of members.')),
  preferred_language: optional(oneOf(languages, 'en', 'The language of what Belfry writes to the member.')),
  receive_list_copy: optional(
    flag(true, 'Whether a post comes that named the member in To or Cc as well, so that it comes twice.'),
  ),
  receive_own_postings: optional(flag(true, "Whether the member's own posts come back.")),
} as const;

/**
 * Reads fields that somebody wants to set; null takes a field away.
 * @throws SettingError with a sentence that names the field and the reason.
 */
export const parseMemberFields = (
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => parseFields('A member', memberFields, given);

/** A member in one line: name and address as they can be read again. */
export const memberLine = ({ display_name, email }: Pick<Member, 'display_name' | 'email'>): string => {
  if (display_name === '') return email;
  // RFC 5322, section 3.2.3: what is no atom of a phrase stands in quotes.
  const atoms = /^[\p{L}\p{N} !#$%&'*+/=?^_`{|}~-]+$/u.test(display_name);
  return `${atoms ? display_name : `"${display_name.replace(/["\\]/g, '\\$&')}"`} <${email}>`;
};
