import { expect, it } from 'vitest';
import { parseListSettings } from '../../lib/lists/parse-settings.ts';
import { hashPassword, passwordFits } from '../../lib/lists/settings/moderator-password.ts';

it('a moderator password is kept as a hash that only the password fits', () => {
  const { moderator_password: kept } = parseListSettings({ moderator_password: 'Öffne dich' });
  expect(kept).not.toContain('dich');
  expect(passwordFits('Öffne dich', kept ?? '')).toBe(true);
  expect(passwordFits('öffne dich', kept ?? '')).toBe(false);
});

it('the same password never has the same hash, and a text that is no hash fits nothing', () => {
  expect(hashPassword('a')).not.toBe(hashPassword('a'));
  expect(passwordFits('a', 'a')).toBe(false);
});
