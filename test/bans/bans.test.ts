import { describe, expect, it } from 'vitest';
import { BanError, banOf, readBan } from '../../lib/bans/bans.ts';

describe('a ban', () => {
  it.each([
    ['an address, in any case', 'Anne@Example.org', { list: ['anne@example.org'], site: [] }, 'list'],
    ['an address of the site', 'anne@example.org', { list: [], site: ['anne@example.org'] }, 'site'],
    ['a pattern', 'anne@example.org', { list: ['^.*@EXAMPLE\\.org$'], site: [] }, 'list'],
    ['a pattern of the site', 'anne@example.org', { list: [], site: ['^anne'] }, 'site'],
    [
      'the exact entry of the site before a pattern of the list',
      'a@b.example',
      { list: ['^a'], site: ['a@b.example'] },
      'site',
    ],
    ['a pattern in the middle', 'anne@example.org', { list: ['^nne'], site: [] }, undefined],
    ['a text that is no pattern', 'anne@example.org', { list: ['.*@example.org'], site: [] }, undefined],
    ['a pattern that cannot be used', 'anne@example.org', { list: ['^(?=a)', '^('], site: [] }, undefined],
  ])('of %s', (_, email, bans, where) => {
    expect(banOf(email, bans)?.where).toBe(where);
  });

  it('is kept in lower case, and refused when it is neither address nor pattern', () => {
    expect(readBan(' Anne@Example.org ')).toBe('anne@example.org');
    expect(readBan('^Anne')).toBe('^Anne');
    expect(() => readBan('anne')).toThrow(BanError);
    expect(() => readBan('^(?=a)')).toThrow('looks around or back');
  });
});
