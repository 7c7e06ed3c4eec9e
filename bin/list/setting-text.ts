import { durationText } from '../../lib/settings/duration-text.ts';
import type { Setting } from '../../lib/settings/setting.ts';

/** The value of a setting as text: lists comma by comma, spans of time as `7d`, texts of several lines indented below. */
export const settingText = (value: unknown, setting?: Setting<unknown>): string => {
  // Only this kind of setting is kept in another form than it is written.
  if (setting?.type === 'span of time' && typeof value === 'number') return durationText(value);
  if (value === null || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') {
    const lines = value.split('\n');
    return lines.length === 1 ? value : lines.map((line) => `\n  ${line}`).join('');
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return '-';
    return value.every((one) => typeof one === 'string') ? value.join(', ') : JSON.stringify(value);
  }
  return JSON.stringify(value);
};
