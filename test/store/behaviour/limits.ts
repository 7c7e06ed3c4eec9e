import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';

const tomorrow = new Date(Date.now() + 86_400_000);

/** What the store promises of limits. */
export const limitsBehave = (store: () => Store): void => {
  it('counts causes from 1 on, one beyond the limit, and then no more', async () => {
    const at = (cause: string) => store().limits.position('holds', cause, 2, tomorrow);
    expect(await at('a')).toBe(1);
    expect(await at('b')).toBe(2);
    expect(await at('c')).toBe(3);
    expect(await at('d')).toBeUndefined();
    expect(await at('e')).toBeUndefined();
  });

  it('gives a cause its own position however often it asks, also when all is full', async () => {
    const at = (cause: string) => store().limits.position('repeats', cause, 1, tomorrow);
    expect(await at('a')).toBe(1);
    expect(await at('a')).toBe(1);
    expect(await at('b')).toBe(2);
    expect(await at('c')).toBeUndefined();
    expect(await at('b')).toBe(2);
    expect(await at('a')).toBe(1);
  });

  it('counts each name for itself', async () => {
    expect(await store().limits.position('one', 'a', 5, tomorrow)).toBe(1);
    expect(await store().limits.position('two', 'a', 5, tomorrow)).toBe(1);
  });

  it('gives each of many at once a position of its own', async () => {
    const positions = await Promise.all(
      Array.from({ length: 10 }, (_, n) => store().limits.position('at once', `cause ${n}`, 20, tomorrow)),
    );
    expect(positions.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('lets one cause through under a name, and the next one when its time is over', async () => {
    const noon = new Date('2026-01-01T12:00:00.000Z');
    const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
    const once = (cause: string, minutes: number) =>
      store().limits.once('answer', cause, later(minutes), later(minutes + 10));
    expect(await once('a', 0)).toBe(true);
    expect(await once('b', 1)).toBe(false);
    expect(await once('a', 9)).toBe(true);
    expect(await once('b', 9)).toBe(false);
    expect(await once('b', 10)).toBe(true);
    expect(await once('a', 11)).toBe(false);
    expect(await store().limits.once('other', 'a', noon, later(1))).toBe(true);
  });
};
