import { type EmailAddress, parseEmailAddress } from '../addresses/email-address.ts';
import { oneLine } from '../notices/one-line.ts';

/** What one line of a list of members says. */
export type MemberLine =
  | { readonly kind: 'member'; readonly email: EmailAddress; readonly display_name: string }
  /** A blank line or a comment. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'invalid'; readonly reason: string };

const named = /^(?<name>.*?)\s*<(?<email>[^<>]*)>$/s;

// A quoted name (RFC 5322, section 3.2.4) may have quotes and backslashes after a backslash.
const unquote = (name: string): string =>
  /^".*"$/s.test(name) ? name.slice(1, -1).replace(/\\(.)/gs, '$1') : name;

/** Reads `a@example.org`, `Anne Person <a@example.org>` or `"Person, Anne" <a@example.org>`; `#` begins a comment line. */
export const parseMemberLine = (line: string): MemberLine => {
  // Spreadsheets put a byte order mark before the first line of what they export.
  const text = line.replace(/^\uFEFF/, '').trim();
  if (text === '' || text.startsWith('#')) return { kind: 'nothing' };
  const parts = named.exec(text)?.groups;
  const written = parts?.email?.trim() ?? text;
  const email = parseEmailAddress(written);
  if (email === undefined)
    return { kind: 'invalid', reason: `"${oneLine(written, 100)}" is not an e-mail address` };
  const display_name = unquote(parts?.name ?? '');
  // It is what is read of bytes that are in another encoding; kept, it would be a name that nobody wrote.
  if (display_name.includes('\uFFFD')) return { kind: 'invalid', reason: 'the name is not in UTF-8' };
  // A name ends up in headers.
  if (/\p{Cc}/u.test(display_name)) {
    return { kind: 'invalid', reason: 'the name has control characters' };
  }
  return { kind: 'member', email, display_name };
};
