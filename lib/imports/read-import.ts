import type { Role } from '../members/member.ts';
import { readLines } from '../members/read-lines.ts';
import type { Said, Wish } from '../members/wanted-member.ts';
import { isGoogleGroups, readGoogleGroups } from './google-groups.ts';
import type { Imported } from './imported.ts';
import { readMailmanRest } from './mailman-rest.ts';

/** Whose files can be read. */
export const importFormats = ['mailman2', 'mailman3', 'google'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** Whose file it is, by how it begins. One without marks is lines with addresses. */
export const formatOf = (text: string): ImportFormat => {
  if (/^\s*[[{]/.test(text)) return 'mailman3';
  return isGoogleGroups(text) ? 'google' : 'mailman2';
};

/** What is said of everybody counts before what the file says; owners and moderators are asked nothing of it. */
const withSaid = (wish: Wish, said: Said): Wish =>
  wish.kind === 'wanted' && wish.wanted.role === 'member'
    ? { kind: 'wanted', wanted: { ...wish.wanted, said: { ...wish.wanted.said, ...said } } }
    : wish;

/**
 * Reads the members of another list manager. `role` is that of lines which do not say it themselves; `said` is said of all of them.
 * @throws ImportError when the file is not of that format.
 */
export const readImport = async (
  text: string,
  format: ImportFormat,
  { role, said }: { readonly role: Role; readonly said: Said },
): Promise<Imported> => {
  if (format === 'mailman2') {
    const wishes: Wish[] = [];
    for await (const wish of readLines(text.split(/\r\n|\n|\r/), role, said)) wishes.push(wish);
    return { wishes, notKept: [] };
  }
  const { wishes, notKept } = format === 'google' ? readGoogleGroups(text) : readMailmanRest(text);
  return { wishes: wishes.map((wish) => withSaid(wish, said)), notKept };
};
