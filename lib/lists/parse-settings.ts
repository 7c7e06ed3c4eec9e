import { checkPatterns } from '../settings/check-patterns.ts';
import { SettingError, type SettingTable } from '../settings/setting.ts';
import { type ListSettings, listSettings } from './settings.ts';

const table: SettingTable = listSettings;

/**
 * Reads settings that somebody wants to set, and no others.
 * @throws SettingError with a sentence that names the setting and the reason.
 */
export const parseListSettings = (given: Readonly<Record<string, unknown>>): Partial<ListSettings> => {
  const values: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(given)) {
    const setting = Object.hasOwn(table, name) ? table[name] : undefined;
    if (setting === undefined) throw new SettingError(`There is no list setting "${name}"`);
    try {
      values[name] = setting.parse(raw);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      throw new SettingError(`${name}: ${error.message}`);
    }
  }
  checkPatterns(table, values);
  return values as Partial<ListSettings>;
};
