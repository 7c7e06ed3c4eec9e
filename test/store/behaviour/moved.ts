import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';

/** What the store promises of memberships whose address another one has replaced. */
export const movedBehaves = (store: () => Store): void => {
  const now = new Date('2026-11-21T12:00:00.000Z');
  const nextYear = new Date('2027-11-21T12:00:00.000Z');

  it('tells the last place of each, and nothing of others', async () => {
    const first = { email: 'b@example.org', member_id: 'one' };
    const second = { email: 'c@example.org', member_id: 'two' };
    await store().moved.put('one', first, nextYear);
    expect(await store().moved.get('one', now)).toEqual(first);
    await store().moved.put('one', second, nextYear);
    expect(await store().moved.get('one', now)).toEqual(second);
    expect(await store().moved.get('two', now)).toBeUndefined();
  });

  it('forgets when the time is over, also before DynamoDB has deleted the item', async () => {
    await store().moved.put('old', { email: 'b@example.org', member_id: 'old' }, now);
    expect(await store().moved.get('old', now)).toBeUndefined();
  });
};
