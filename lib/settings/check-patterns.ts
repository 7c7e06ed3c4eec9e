import { PatternError, pattern } from '../regex/pattern.ts';
import { SettingError, type SettingTable } from './setting.ts';

/** All regular expressions of one setting together: a mail must not wait for thousands of them (decision 20). */
const mostInstructions = 5000;

const check = (name: string, sources: readonly string[]): void => {
  let size = 0;
  for (const source of sources) {
    try {
      size += pattern(source, 'any').size;
    } catch (error) {
      throw error instanceof PatternError ? new SettingError(`${name}: ${error.message}`) : error;
    }
  }
  if (size > mostInstructions) {
    throw new SettingError(
      `${name}: the regular expressions take ${size} instructions together; ${mostInstructions} is the most`,
    );
  }
};

/**
 * Refuses settings with regular expressions that cannot be used.
 * @throws SettingError with a sentence that names the setting and the reason.
 */
export const checkPatterns = (table: SettingTable, values: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(values)) check(name, table[name]?.patterns?.(value) ?? []);
};
