import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';

/** What the store promises of bans. */
export const bansBehave = (store: () => Store): void => {
  it('reads the bans of a list and of the site together, and nobody has any at first', async () => {
    const { bans } = store();
    expect(await bans.read('bee.example.com')).toEqual({ list: [], site: [] });
    await bans.add('bee.example.com', 'spam@example.org');
    await bans.add(null, '^.*@example\\.net');
    await bans.add('wasp.example.com', 'other@example.org');
    expect(await bans.read('bee.example.com')).toEqual({
      list: ['spam@example.org'],
      site: ['^.*@example\\.net'],
    });
    await bans.remove(null, '^.*@example\\.net');
  });

  it('adds an entry once, and removes one that is there', async () => {
    const { bans } = store();
    expect(await bans.add('ant.example.com', 'a@example.org')).toBe(true);
    expect(await bans.add('ant.example.com', 'a@example.org')).toBe(false);
    expect(await bans.remove('ant.example.com', 'b@example.org')).toBe(false);
    expect(await bans.remove('ant.example.com', 'a@example.org')).toBe(true);
    expect(await bans.remove('ant.example.com', 'a@example.org')).toBe(false);
    expect(await bans.ls('ant.example.com')).toEqual([]);
  });

  it('takes an entry for no other that it is a part of', async () => {
    const { bans } = store();
    await bans.add('fox.example.com', 'anna@example.org');
    expect(await bans.add('fox.example.com', 'a@example.org')).toBe(true);
    expect(await bans.remove('fox.example.com', 'nna@example.org')).toBe(false);
    expect(await bans.ls('fox.example.com')).toEqual(['a@example.org', 'anna@example.org']);
  });

  it('loses none of many that are added at once, and lists them sorted', async () => {
    const { bans } = store();
    const entries = Array.from({ length: 20 }, (_, n) => `m${String(n).padStart(2, '0')}@example.org`);
    await Promise.all(entries.map((entry) => bans.add('cat.example.com', entry)));
    expect(await bans.ls('cat.example.com')).toEqual(entries);
    expect(await bans.ls(null)).toEqual([]);
  });
};
