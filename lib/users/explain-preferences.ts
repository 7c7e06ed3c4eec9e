import { systemPreferences } from '../members/effective.ts';
import type { Member } from '../members/member.ts';
import type { Address } from './address.ts';
import { preferenceFields } from './preference-fields.ts';
import type { Preferences } from './preferences.ts';
import type { User } from './user.ts';

/** A preference as it counts for a membership, and who says so. */
export interface ExplainedPreference {
  readonly name: string;
  readonly value: unknown;
  readonly from: 'member' | 'address' | 'user' | 'list' | 'site';
}

/** The preferences of a membership as they count, each with where it comes from (mailman-behaviour.md, section 20). */
export const explainPreferences = (
  member: Member,
  address: Address | undefined,
  user: User | undefined,
  language: string,
): readonly ExplainedPreference[] => {
  const said: readonly (readonly [ExplainedPreference['from'], Preferences | undefined])[] = [
    ['member', member],
    ['address', address?.preferences],
    ['user', user?.preferences],
    ['list', { preferred_language: language }],
    ['site', systemPreferences],
  ];
  return Object.keys(preferenceFields).flatMap((name) => {
    for (const [from, wishes] of said) {
      const value = Object.entries(wishes ?? {}).find(([key]) => key === name)?.[1];
      if (value !== undefined) return [{ name, value, from }];
    }
    return [];
  });
};
