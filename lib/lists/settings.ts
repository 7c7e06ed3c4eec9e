import { SettingError, type SettingTable, type ValuesOf } from '../settings/setting.ts';
import { archiveSettings } from './settings/archives.ts';
import { autoresponseSettings } from './settings/autoresponses.ts';
import { bounceSettings } from './settings/bounces.ts';
import { contentFilterSettings } from './settings/content-filter.ts';
import { digestSettings } from './settings/digests.ts';
import { dmarcSettings } from './settings/dmarc.ts';
import { identitySettings } from './settings/identity.ts';
import { moderationSettings } from './settings/moderation.ts';
import { newsSettings } from './settings/news.ts';
import { postingSettings } from './settings/posting.ts';
import { stateSettings } from './settings/state.ts';
import { subscriptionSettings } from './settings/subscriptions.ts';

/** Every setting of a list, with Mailman's name and default (mailman-behaviour.md, section 21). */
export const listSettings = {
  ...identitySettings,
  ...postingSettings,
  ...moderationSettings,
  ...subscriptionSettings,
  ...bounceSettings,
  ...digestSettings,
  ...autoresponseSettings,
  ...contentFilterSettings,
  ...dmarcSettings,
  ...archiveSettings,
  ...newsSettings,
  ...stateSettings,
} as const;

/** The same settings by subject, in the order in which the reference page tells them. */
export const listSettingSubjects: Readonly<Record<string, SettingTable>> = {
  'Name and visibility': identitySettings,
  'The way of a post': postingSettings,
  Moderation: moderationSettings,
  'Joining and leaving': subscriptionSettings,
  Bounces: bounceSettings,
  Digests: digestSettings,
  'Automatic answers': autoresponseSettings,
  'Content filter': contentFilterSettings,
  DMARC: dmarcSettings,
  Archives: archiveSettings,
  Newsgroup: newsSettings,
  'What the list counts': stateSettings,
};

/** The values of all settings of one list. */
export type ListSettings = ValuesOf<typeof listSettings>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const table: SettingTable = listSettings;

/**
 * Reads stored settings and fills in the defaults. A stored value that no longer fits becomes the default, and an unknown
 * one is ignored: an older or newer Belfry may have written them, and a list that cannot be read would lose mail.
 */
export const readListSettings = (stored: unknown): ListSettings => {
  const given = isObject(stored) ? stored : {};
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(table)) {
    values[name] = setting.fallback;
    if (given[name] === undefined) continue;
    try {
      values[name] = setting.parse(given[name]);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
    }
  }
  return values as ListSettings;
};
