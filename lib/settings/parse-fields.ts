import { SettingError, type SettingTable } from './setting.ts';

/**
 * Reads fields of something that somebody wants to set; null takes a field away.
 * @throws SettingError with a sentence that names the field and the reason.
 */
export const parseFields = (
  what: string,
  table: SettingTable,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const values: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(given)) {
    const field = Object.hasOwn(table, name) ? table[name] : undefined;
    if (field === undefined) {
      throw new SettingError(`${what} has no "${name}"; it has ${Object.keys(table).join(', ')}`);
    }
    try {
      values[name] = field.parse(raw);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      throw new SettingError(`${name}: ${error.message}`);
    }
  }
  return values;
};
