import { type Setting, SettingError } from './setting.ts';

const form = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * A date or a moment in ISO 8601, kept as `2026-03-01T12:00:00.000Z`. Without a zone it is UTC, as Mailman means it, and
 * not the zone of whichever machine happens to read it. It has no value until something happened.
 */
export const moment = (doc: string): Setting<string | null> => ({
  type: 'moment such as 2026-03-01T12:00:00Z, or nothing',
  fallback: null,
  doc,
  parse: (raw) => {
    if (raw === null || raw === '') return null;
    const written = typeof raw === 'string' ? raw.trim() : '';
    const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(written) || written.length <= 10 ? written : `${written}Z`;
    const date = new Date(zoned);
    if (!form.test(written) || Number.isNaN(date.getTime())) {
      throw new SettingError(`"${String(raw)}" is not a moment such as 2026-03-01T12:00:00Z`);
    }
    return date.toISOString();
  },
});
