import type { Preferences } from '../users/preferences.ts';

/** What an own wish and an inherited one are looked up in: a member is one. */
export interface Wishing extends Preferences {
  readonly inherited?: Preferences | undefined;
}

/** What counts when nobody has said otherwise (mailman-behaviour.md, section 20); the language is the list's. */
export const systemPreferences = {
  acknowledge_posts: false,
  delivery_mode: 'regular',
  delivery_status: 'enabled',
  hide_address: true,
  receive_list_copy: true,
  receive_own_postings: true,
} as const satisfies Preferences;

/** A preference that has the same default on every list. */
export type PreferenceName = keyof typeof systemPreferences;

/**
 * A preference as it counts: the member's own, else what was copied here of the address and of the user, else the system's. It reads the
 * member alone, so that a roster is one query.
 */
export const preferenceOf = <N extends PreferenceName>(
  member: Wishing,
  name: N,
): NonNullable<Preferences[N]> => {
  const wished: Preferences[N] = member[name] ?? member.inherited?.[name];
  const standard: Preferences[N] = systemPreferences[name];
  const value = wished ?? standard;
  if (value === undefined) throw new Error(`There is no default of ${name}`);
  return value;
};

/** The language that a member, the address or the user asks for; undefined: the list's. */
export const languageOf = (member: Wishing): string | undefined =>
  member.preferred_language ?? member.inherited?.preferred_language;

/** True when posts and notices come at all. */
export const takesMail = (member: Wishing): boolean => preferenceOf(member, 'delivery_status') === 'enabled';
