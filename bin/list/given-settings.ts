import { listSettings } from '../../lib/lists/settings.ts';
import type { SettingTable } from '../../lib/settings/setting.ts';
import { assignments } from '../cli/parse.ts';

const table: SettingTable = listSettings;

const asArray = (value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

/**
 * Settings as they stand on a command line, `name=value`. A setting that is a list takes its name several times, or one JSON
 * array. What a value must be is for the settings themselves to say.
 */
export const givenSettings = (given: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(assignments(given)).map(([name, value]) => [
      name,
      Array.isArray(table[name]?.fallback) && typeof value === 'string' && value.trimStart().startsWith('[')
        ? asArray(value)
        : value,
    ]),
  );
