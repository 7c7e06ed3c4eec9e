import { memberFields } from '../members/member-fields.ts';
import { flag } from '../settings/setting.ts';
import type { Preferences } from './preferences.ts';

const { display_name, moderation_action: _, ...preferences } = memberFields;

/** The preferences that a member, an address and a user can have. */
export const preferenceFields = preferences;

/** What can be set of an address. */
export const addressFields = { display_name, ...preferences } as const;

/** What can be set of a user, but for the preferred address, which other things follow. */
export const userFields = {
  display_name,
  is_server_owner: flag(false, 'Whether the user may do everything at this site.'),
  ...preferences,
} as const;

const isPreference = (name: string): boolean => Object.hasOwn(preferenceFields, name);

/**
 * Changes of fields as an address or a user keeps them: preferences lie in one value, together with those that were there. `null` takes one
 * away.
 */
export const withPreferences = (
  before: Preferences,
  changes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const entries = Object.entries(changes);
  const wishes = { ...before, ...Object.fromEntries(entries.filter(([name]) => isPreference(name))) };
  return {
    ...Object.fromEntries(entries.filter(([name]) => !isPreference(name))),
    preferences: Object.fromEntries(
      Object.entries(wishes).filter(([, value]) => value !== null && value !== undefined),
    ),
  };
};
