import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';

/** What the store promises of secrets. */
export const secretsBehave = (store: () => Store): void => {
  it('makes 32 random bytes once, also when many ask at once, and others for each name', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => store().secrets.key('web')));
    const [first] = keys;
    expect(first).toHaveLength(32);
    for (const key of [...keys, await store().secrets.key('web')]) expect(key).toEqual(first);
    expect(await store().secrets.key('other')).not.toEqual(first);
  });
};
