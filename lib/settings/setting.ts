/**
 * A setting explains itself where it is declared: its type, its default, and what it means. Site settings and
 * list settings are both tables of these, and the reference pages in `docs/` are generated from them.
 */

/** One setting: how to read a value given by a person or a tool, what it is when nobody gave one, and why. */
export interface Setting<T> {
  /** The kind of value in a person's words, for the reference page and for error messages. */
  readonly type: string;
  readonly fallback: T;
  /** What it does, in full sentences; the reference page shows this text. */
  readonly doc: string;
  /** Reads a value from JSON or from text on a command line. Throws a {@link SettingError} that names the reason. */
  readonly parse: (raw: unknown) => T;
  /**
   * The regular expressions in a value. They are checked when somebody sets it (`lib/settings/check-patterns.ts`), and not whenever it is read: the
   * engine is large, and most who read settings match nothing. A method, so that tables of settings of all types are tables of settings.
   */
  patterns?(value: T): readonly string[];
}

/** A table of settings by name. */
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** The values that a table of settings describes. */
export type ValuesOf<S extends SettingTable> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** A value that a setting cannot take; the message is a sentence for the person who gave it. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

const shown = (raw: unknown): string =>
  typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? String(raw));

// Mailman's REST API reads these words as booleans, in any letter case (mailman-rest.md, section 1).
const words = new Map([
  ['yes', true],
  ['true', true],
  ['on', true],
  ['1', true],
  ['no', false],
  ['false', false],
  ['off', false],
  ['0', false],
]);

/** A yes or no. */
export const flag = (fallback: boolean, doc: string): Setting<boolean> => ({
  type: 'yes or no',
  fallback,
  doc,
  parse: (raw) => {
    if (typeof raw === 'boolean') return raw;
    const value = words.get(shown(raw).trim().toLowerCase());
    if (value === undefined) throw new SettingError(`"${shown(raw)}" is neither yes nor no`);
    return value;
  },
});

/** The least and the most that a number may be, both included. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

const bounded = (value: number, { min, max }: Bounds): number => {
  if (min !== undefined && value < min) throw new SettingError(`${value} is less than ${min}`);
  if (max !== undefined && value > max) throw new SettingError(`${value} is more than ${max}`);
  return value;
};

const toNumber = (raw: unknown): number => {
  const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new SettingError(`"${shown(raw)}" is not a number`);
  }
  return value;
};

/** A whole number. */
export const integer = (fallback: number, doc: string, bounds: Bounds = { min: 0 }): Setting<number> => ({
  type: 'whole number',
  fallback,
  doc,
  parse: (raw) => {
    const value = toNumber(raw);
    if (!Number.isSafeInteger(value)) throw new SettingError(`"${shown(raw)}" is not a whole number`);
    return bounded(value, bounds);
  },
});

/** A number that may have a fraction. */
export const decimal = (fallback: number, doc: string, bounds: Bounds = { min: 0 }): Setting<number> => ({
  type: 'number',
  fallback,
  doc,
  parse: (raw) => bounded(toNumber(raw), bounds),
});

/** Any text. */
export const text = (fallback: string, doc: string): Setting<string> => ({
  type: 'text',
  fallback,
  doc,
  parse: (raw) => {
    if (typeof raw !== 'string') throw new SettingError(`${shown(raw)} is not a text`);
    return raw;
  },
});

/** A text that must have a certain form, told to the person by `form` when it has not. */
export const textLike = (
  fallback: string,
  doc: string,
  form: { readonly pattern: RegExp; readonly says: string },
): Setting<string> => ({
  type: form.says,
  fallback,
  doc,
  parse: (raw) => {
    if (typeof raw !== 'string' || !form.pattern.test(raw)) {
      throw new SettingError(`"${shown(raw)}" is not ${form.says}`);
    }
    return raw;
  },
});

/** One of a few words. */
export const oneOf = <const V extends readonly string[]>(
  values: V,
  fallback: NoInfer<V[number]>,
  doc: string,
): Setting<V[number]> => ({
  type: `one of ${values.join(', ')}`,
  fallback,
  doc,
  parse: (raw) => {
    const found = values.find((value) => value === raw);
    if (found === undefined) throw new SettingError(`"${shown(raw)}" is not one of ${values.join(', ')}`);
    return found;
  },
});

/** The same setting for words of which Mailman takes any letter case. */
export const inAnyCase = <T>(setting: Setting<T>): Setting<T> => ({
  ...setting,
  parse: (raw) => setting.parse(typeof raw === 'string' ? raw.toLowerCase() : raw),
});

const secondsIn: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** A span of time, kept as seconds; written `5d`, `1d12h`, `900s`, or as a bare number of seconds. */
export const duration = (fallback: string, doc: string, bounds: Bounds = { min: 0 }): Setting<number> => {
  const parse = (raw: unknown): number => {
    const written = shown(raw).trim().toLowerCase();
    if (/^\d+(\.\d+)?$/.test(written)) return bounded(Number(written), bounds);
    if (!/^(\d+(\.\d+)?[wdhms])+$/.test(written)) {
      throw new SettingError(`"${shown(raw)}" is not a span of time such as 5d, 12h or 900s`);
    }
    let seconds = 0;
    for (const [, amount = '0', unit = 's'] of written.matchAll(/(\d+(?:\.\d+)?)([wdhms])/g)) {
      seconds += Number(amount) * (secondsIn[unit] ?? 1);
    }
    return bounded(seconds, bounds);
  };
  return { type: 'span of time', fallback: parse(fallback), doc, parse };
};

/** A list of texts; a single text stands for a list of one, an empty one for an empty list, as in Mailman. */
export const texts = (fallback: readonly string[], doc: string): Setting<readonly string[]> => ({
  type: 'list of texts',
  fallback,
  doc,
  parse: (raw) => {
    if (typeof raw === 'string') return raw === '' ? [] : [raw];
    if (!Array.isArray(raw)) throw new SettingError(`${shown(raw)} is not a list of texts`);
    return raw.map((one) => {
      if (typeof one !== 'string') throw new SettingError(`${shown(one)} in the list is not a text`);
      return one;
    });
  },
});

/** A setting that may also have no value; `null` and the empty text take the value away. */
export const optional = <T>(setting: Setting<T>): Setting<T | null> => ({
  type: `${setting.type}, or nothing`,
  fallback: null,
  doc: setting.doc,
  parse: (raw) => (raw === null || raw === '' ? null : setting.parse(raw)),
});
