import type { ListSettings } from './settings.ts';

/** A style: what a new list begins with. What it does not name has the default of the setting. */
export interface Style {
  readonly name: string;
  readonly description: string;
  readonly settings: Readonly<Partial<ListSettings>>;
}

/** The styles that a new list can have. */
export const styles: readonly Style[] = [
  {
    name: 'legacy-default',
    description: 'An ordinary discussion list: members post, others wait for a moderator.',
    settings: {},
  },
  {
    name: 'legacy-announce',
    description: 'A list for announcements: its owners and moderators post, everybody else reads.',
    settings: { allow_list_posts: false },
  },
  {
    name: 'private-default',
    description: 'A discussion list that is not shown to others, and that one joins with a moderator.',
    settings: {
      advertised: false,
      archive_policy: 'private',
      subscription_policy: 'confirm_then_moderate',
    },
  },
  {
    name: 'belfry-default',
    description:
      'As legacy-default, and posts of authors whose domain forbids others to send in its name come from the list: the great providers refuse them otherwise.',
    settings: { dmarc_mitigate_action: 'munge_from' },
  },
];

/** The style of a list that names none, as in Mailman. */
export const defaultStyle = 'legacy-default';

/** The style that `npx belfry list create` uses. */
export const recommendedStyle = 'belfry-default';
