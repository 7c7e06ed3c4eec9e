import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { type Setting, SettingError } from '../../settings/setting.ts';

// The least that OWASP's password storage page advises for scrypt with 32 MiB: N = 2^15, r = 8, p = 3.
const cost = { N: 32_768, r: 8, p: 3, maxmem: 64 * 1024 * 1024 } as const;
const form = /^\$scrypt\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

const derive = (password: string, salt: Buffer): Buffer =>
  scryptSync(password.normalize('NFC'), salt, 32, cost);

/** What is stored in place of a password: `$scrypt$salt$key`. */
export const hashPassword = (password: string): string => {
  const salt = randomBytes(16);
  return `$scrypt$${salt.toString('base64url')}$${derive(password, salt).toString('base64url')}`;
};

/** Whether a password is the one that was hashed. */
export const passwordFits = (password: string, hash: string): boolean => {
  const [, salt, key] = form.exec(hash) ?? [];
  if (salt === undefined || key === undefined) return false;
  return timingSafeEqual(derive(password, Buffer.from(salt, 'base64url')), Buffer.from(key, 'base64url'));
};

/**
 * A password: given in the clear, stored and shown as its hash. A hash that was read from a list is kept as it is, so that
 * reading and writing a list changes nothing.
 */
export const moderatorPassword = (doc: string): Setting<string> => ({
  type: 'password, kept as a hash',
  fallback: '',
  doc,
  parse: (raw) => {
    if (typeof raw !== 'string') throw new SettingError('a password is a text');
    return form.test(raw) ? raw : hashPassword(raw);
  },
});
