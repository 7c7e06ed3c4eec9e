import { SettingError, type SettingTable, type ValuesOf } from '../settings/setting.ts';
import { siteSettings } from './site-settings.ts';

/** The settings of a site, complete: what it set, and Belfry's defaults for the rest. */
export type Site = {
  readonly [S in keyof typeof siteSettings]: ValuesOf<(typeof siteSettings)[S]>;
};

/** What a site has set itself: `{section: {key: value}}`, as it stands in `cdk.json` or in `BELFRY_CONFIG`. */
export type SiteOverrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readSection = <S extends SettingTable>(name: string, table: S, given: unknown): ValuesOf<S> => {
  if (!isObject(given))
    throw new SettingError(`Site settings: section "${name}" must be an object of settings`);
  for (const key of Object.keys(given)) {
    if (!(key in table))
      throw new SettingError(`Site settings: there is no setting "${key}" in section "${name}"`);
  }
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(table)) {
    try {
      values[key] = given[key] === undefined ? setting.fallback : setting.parse(given[key]);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      throw new SettingError(`Site settings: ${name}.${key}: ${error.message}`);
    }
  }
  return values as ValuesOf<S>;
};

/**
 * Reads what a site has set, fills in the defaults, and refuses what it does not know.
 * @throws SettingError with a sentence that names section, key and reason.
 */
export const readSite = (given: unknown = {}): Site => {
  if (!isObject(given)) throw new SettingError('Site settings must be an object of sections');
  for (const section of Object.keys(given)) {
    if (!(section in siteSettings)) throw new SettingError(`Site settings: there is no section "${section}"`);
  }
  const site = Object.fromEntries(
    Object.entries(siteSettings).map(([name, table]) => [name, readSection(name, table, given[name] ?? {})]),
  );
  return site as Site;
};
