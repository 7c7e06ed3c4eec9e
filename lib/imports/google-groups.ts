import { parseEmailAddress } from '../addresses/email-address.ts';
import type { Role } from '../members/member.ts';
import type { Said, WantedMember, Wish } from '../members/wanted-member.ts';
import { type CsvDelimiter, csvRecords } from './csv.ts';
import { ImportError, type Imported } from './imported.ts';

/*
 * What Google Groups exports of its members: perhaps a line "Members for group NAME", then the names of the columns. Google documents neither them nor
 * what stands in them; these were seen in files that people published. Names and values were written in small and in capital letters.
 */

const emailColumn = 'email address';

/** What a column says, by its values in lower case. A value that is not here is nobody's to guess, and its line is reported. */
type Column<T> = Readonly<Record<string, T>>;

const roles: Column<readonly Role[]> = {
  member: ['member'],
  '': ['member'],
  // Owners and managers of a group get its mail; in Mailman's words they are members too.
  owner: ['member', 'owner'],
  manager: ['member', 'moderator'],
};

/** Those who are none yet, or never will be. */
const outsiders: Column<string> = {
  invited: 'was invited and is no member yet',
  pending: 'waits to become a member',
  banned: 'is banned; npx belfry ban add keeps it so',
};

const preferences: Column<Said> = {
  '': {},
  email: { delivery_mode: 'regular' },
  'all email': { delivery_mode: 'regular' },
  'each email': { delivery_mode: 'regular' },
  digest: { delivery_mode: 'mime_digests' },
  abridged: { delivery_mode: 'summary_digests' },
  'abridged email': { delivery_mode: 'summary_digests' },
  'no email': { delivery_status: 'by_user' },
  none: { delivery_status: 'by_user' },
};

const statuses: Column<Said> = {
  '': {},
  normal: {},
  bouncing: { delivery_status: 'by_bounces' },
};

const permissions: Column<Said> = {
  '': {},
  allowed: {},
  moderated: { moderation_action: 'hold' },
  'not allowed': { moderation_action: 'reject' },
};

const known = {
  'group status': roles,
  'email status': statuses,
  'email preference': preferences,
  'posting permissions': permissions,
} as const;

const others = new Set([
  emailColumn,
  'nickname',
  'join year',
  'join month',
  'join day',
  // The time of day is in a zone that is named in words; the day is enough.
  'join hour',
  'join minute',
  'join second',
  'time zone',
]);

const isHeader = (fields: readonly string[]): boolean => fields[0]?.trim().toLowerCase() === emailColumn;

// The line with the names of the columns is the first or the second.
const headerLine = /^ *"?email address"? *([;\t])/im;

/** What stands between the fields: what stands behind the name of the first column. */
const delimiterOf = (text: string): CsvDelimiter => {
  const [, mark] = headerLine.exec(text.slice(0, 2000)) ?? [];
  return mark === ';' || mark === '\t' ? mark : ',';
};

/** The day on which somebody joined, when the columns name one. */
const joined = (value: (column: string) => string): string | undefined => {
  const written = ['join year', 'join month', 'join day'].map(value);
  if (!written.every((one) => /^\d{1,4}$/.test(one))) return undefined;
  const [year = 0, month = 0, day = 0] = written.map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.toISOString() : undefined;
};

const isKnown = <T>(column: Column<T>, value: string): boolean => Object.hasOwn(column, value);

/** True when a file begins as an export of Google Groups does. */
export const isGoogleGroups = (text: string): boolean => {
  let records = 0;
  for (const record of csvRecords(text, delimiterOf(text))) {
    if (record.kind === 'record' && isHeader(record.fields)) return true;
    records += 1;
    if (records === 2) return false;
  }
  return false;
};

const wishesOf = (line: number, text: string, value: (column: string) => string): readonly Wish[] => {
  const invalid = (reason: string): readonly Wish[] => [{ kind: 'invalid', line, text, reason }];
  const written = value(emailColumn);
  const email = parseEmailAddress(written);
  if (email === undefined) return invalid(`"${written}" is not an e-mail address`);
  const display_name = value('nickname');
  if (/\p{Cc}/u.test(display_name)) return invalid('the name has control characters');
  const status = value('group status').toLowerCase();
  const outside = isKnown(outsiders, status) ? outsiders[status] : undefined;
  if (outside !== undefined) return invalid(`${email} ${outside}`);
  for (const [column, values] of Object.entries(known)) {
    const given = value(column);
    if (!isKnown<unknown>(values, given.toLowerCase())) {
      return invalid(`Belfry does not know what "${given}" means as ${column} of ${email}`);
    }
  }
  const said: Said = {
    ...preferences[value('email preference').toLowerCase()],
    ...permissions[value('posting permissions').toLowerCase()],
    ...statuses[value('email status').toLowerCase()],
  };
  return (roles[status] ?? []).map((role): Wish => {
    const wanted: WantedMember = {
      line,
      role,
      email,
      display_name,
      // How posts come and what becomes of one's own concerns the membership through which one gets and writes them.
      said: role === 'member' ? said : {},
      subscribed_at: joined(value),
    };
    return { kind: 'wanted', wanted };
  });
};

/**
 * Reads the members that Google Groups exported.
 * @throws ImportError when the names of the columns are not there.
 */
export const readGoogleGroups = (text: string): Imported => {
  const wishes: Wish[] = [];
  let columns: readonly string[] | undefined;
  let before = 0;
  for (const record of csvRecords(text, delimiterOf(text))) {
    if (record.kind === 'fault') {
      wishes.push({ ...record, kind: 'invalid' });
      continue;
    }
    const { line, fields } = record;
    if (columns === undefined) {
      if (isHeader(fields)) columns = fields.map((name) => name.trim().toLowerCase());
      else before += 1;
      if (before > 1) break;
      continue;
    }
    const names = columns;
    const value = (column: string): string => fields[names.indexOf(column)]?.trim() ?? '';
    if (fields.length > names.length) {
      const reason = `there are ${fields.length} fields and ${names.length} columns`;
      wishes.push({ kind: 'invalid', line, text: record.text, reason });
      continue;
    }
    wishes.push(...wishesOf(line, record.text, value));
  }
  if (columns === undefined) {
    throw new ImportError(
      'The file has no line with the column "Email address", as Google Groups exports it',
    );
  }
  const unknown = columns.filter((name) => name !== '' && !others.has(name) && !Object.hasOwn(known, name));
  return {
    wishes,
    notKept: unknown.map((name) => `Belfry does not know the column "${name}", and took nothing from it.`),
  };
};
