import { type Setting, SettingError } from './setting.ts';

/** A text of one line. It may end up in a header, where a line break would begin a header of the writer's choice. */
export const line = (fallback: string, doc: string): Setting<string> => ({
  type: 'text of one line',
  fallback,
  doc,
  parse: (raw) => {
    if (typeof raw !== 'string') throw new SettingError(`${JSON.stringify(raw)} is not a text`);
    if (/[\r\n\0]/.test(raw))
      throw new SettingError('the text must be one line, and this one has line breaks');
    return raw;
  },
});
