import { type Setting, SettingError, texts } from './setting.ts';

const addressLike = /^[^\s@]+@[^\s@]+$/;

/** A list of which each entry is an e-mail address, or a regular expression that begins with `^`. */
export const addressesOrPatterns = (doc: string): Setting<readonly string[]> => {
  const list = texts([], doc);
  return {
    ...list,
    type: 'list of addresses, or regular expressions that begin with ^',
    parse: (raw) => {
      const entries = list.parse(raw);
      const wrong = entries.find((entry) => !entry.startsWith('^') && !addressLike.test(entry));
      if (wrong !== undefined) {
        throw new SettingError(`"${wrong}" is neither an e-mail address nor a regular expression with ^`);
      }
      return entries;
    },
    patterns: (entries) => entries.filter((entry) => entry.startsWith('^')),
  };
};
