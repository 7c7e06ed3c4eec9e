import { type Setting, SettingError, texts } from './setting.ts';

const addressLike = /^[^\s@]+@[^\s@]+$/;

/** Refuses a regular expression that cannot be compiled, with the engine's own reason. */
export const checkPattern = (pattern: string): string => {
  try {
    new RegExp(pattern, 'i');
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : String(error);
    throw new SettingError(`"${pattern}" is not a regular expression: ${why}`);
  }
  return pattern;
};

/** A list of which each entry is an e-mail address, or a regular expression that begins with `^`. */
export const addressesOrPatterns = (doc: string): Setting<readonly string[]> => {
  const list = texts([], doc);
  return {
    ...list,
    type: 'list of addresses, or regular expressions that begin with ^',
    parse: (raw) =>
      list.parse(raw).map((entry) => {
        if (entry.startsWith('^')) return checkPattern(entry);
        if (!addressLike.test(entry)) {
          throw new SettingError(`"${entry}" is neither an e-mail address nor a regular expression with ^`);
        }
        return entry;
      }),
  };
};
