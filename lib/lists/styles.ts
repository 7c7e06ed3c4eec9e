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
];

/** The style of a list that names none, as in Mailman. */
export const defaultStyle = 'legacy-default';
