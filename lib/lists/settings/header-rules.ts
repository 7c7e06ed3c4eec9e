import { moderationActions } from '../../members/member.ts';
import { checkHeader } from '../../settings/header-lines.ts';
import { type Setting, SettingError } from '../../settings/setting.ts';

/** One rule on a header; `action` null leaves it to the site what happens, `defer` only notes that it matched. */
export interface HeaderMatch {
  readonly header: string;
  readonly pattern: string;
  readonly action: (typeof moderationActions)[number] | null;
  readonly tag: string | null;
}

const readHeaderMatch = (raw: unknown): HeaderMatch => {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new SettingError(`${JSON.stringify(raw)} is not an object with header and pattern`);
  }
  const { header, pattern, action = null, tag = null, ...others }: Record<string, unknown> = { ...raw };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new SettingError(`a header match has no "${unknown}"`);
  if (typeof header !== 'string' || typeof pattern !== 'string') {
    throw new SettingError('a header match needs the texts header and pattern');
  }
  const known = moderationActions.find((one) => one === action);
  if (known === undefined && action !== null && action !== '') {
    throw new SettingError(`the action "${String(action)}" is not one of ${moderationActions.join(', ')}`);
  }
  if (tag !== null && typeof tag !== 'string') throw new SettingError('the tag of a header match is a text');
  return {
    header: checkHeader(header.toLowerCase()),
    pattern,
    action: known ?? null,
    tag,
  };
};

const fromText = (written: string): unknown => {
  if (written.trim() === '') return [];
  try {
    return JSON.parse(written);
  } catch {
    throw new SettingError(
      `header matches are written as JSON, such as [{"header": "x-spam", "pattern": "yes", "action": "discard"}]`,
    );
  }
};

/** A list of rules on headers; on a command line it is written as JSON. */
export const headerMatches = (doc: string): Setting<readonly HeaderMatch[]> => ({
  type: 'list of objects with header, pattern, and perhaps action and tag',
  fallback: [],
  doc,
  parse: (raw) => {
    const given = typeof raw === 'string' ? fromText(raw) : raw;
    if (!Array.isArray(given)) throw new SettingError('header matches are a list');
    return given.map(readHeaderMatch);
  },
  patterns: (matches) => matches.map(({ pattern }) => pattern),
});
