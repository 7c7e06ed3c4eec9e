import { line } from '../../settings/lines.ts';
import { flag, oneOf, text } from '../../settings/setting.ts';
import { languages } from '../languages.ts';

/** What a list calls itself, and who may see that it exists. */
export const identitySettings = {
  display_name: line(
    '',
    'The name of the list as people read it. A new list gets its list name with a capital first letter.',
  ),
  description: line('', 'One line about the list. It is the name in List-Id and beside the posting address.'),
  info: text('', 'A longer text about the list, for whoever asks what it is about.'),
  subject_prefix: line(
    '',
    'What is put before the Subject of each post. A new list gets its display name in square brackets and a blank. `%d`, but not as the first character, stands for the number of the post.',
  ),
  preferred_language: oneOf(languages, 'en', 'The language of what the list itself writes.'),
  advertised: flag(true, 'Whether the list is named when somebody asks which lists there are.'),
  member_roster_visibility: oneOf(
    ['public', 'members', 'moderators'],
    'moderators',
    'Who may see the members: everyone, members and administrators, or owners and moderators alone.',
  ),
  obscure_addresses: flag(
    true,
    'Whether addresses are shown on web pages in a form that harvesters do not collect.',
  ),
} as const;
