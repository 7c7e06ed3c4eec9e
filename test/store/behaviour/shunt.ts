import { expect, it } from 'vitest';
import type { ShuntItem } from '../../../lib/posts/mail-record.ts';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

const item = (id: string, over: Partial<ShuntItem> = {}): ShuntItem => ({
  id,
  queue: 'in',
  body: '{"v":1}',
  reason: 'It died 5 times: out of memory.',
  stack: 'Error: x\n  at y',
  first_at: '2026-01-01T00:00:00.000Z',
  at: '2026-01-02T00:00:00.000Z',
  ...over,
});

/** What the store promises of the shunt. */
export const shuntBehaves = (store: () => Store): void => {
  it('gives an item back as it was put, and a later state of it in its place', async () => {
    const { shunt } = store();
    await shunt.put(item('s1', { blob: 'kept/s1', list_id: 'ant.example.com' }));
    await shunt.put(item('s1', { reason: 'It failed again.', stack: '' }));
    expect(await shunt.get('s1')).toEqual(item('s1', { reason: 'It failed again.', stack: '' }));
    expect((await all(shunt.ls())).filter(({ id }) => id === 's1')).toHaveLength(1);
    expect(await shunt.get('s0')).toBeUndefined();
  });

  it('lists what is there in the order in which it first failed', async () => {
    const { shunt } = store();
    await shunt.put(item('s4', { first_at: '2026-02-03T00:00:00.000Z' }));
    await shunt.put(item('s3', { first_at: '2026-02-02T00:00:00.000Z' }));
    await shunt.put(item('s2', { first_at: '2026-02-01T00:00:00.000Z' }));
    await shunt.remove('s3');
    const ids = (await all(shunt.ls())).map(({ id }) => id).filter((id) => id !== 's1');
    expect(ids).toEqual(['s2', 's4']);
    expect(await shunt.get('s3')).toBeUndefined();
  });
};
