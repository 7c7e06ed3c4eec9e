import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';

/** What the store promises of the ids that SES gave to mails. */
export const sentIdsBehave = (store: () => Store): void => {
  const now = new Date('2026-11-21T12:00:00.000Z');
  const nextYear = new Date('2027-11-21T12:00:00.000Z');

  it('finds the original Message-ID of each of many mails, and of no other', async () => {
    const sent = Array.from({ length: 60 }, (_, n) => ({ id: `id-${n}`, messageId: `<${n}@example.org>` }));
    await store().sentIds.remember(sent, nextYear);
    expect(await store().sentIds.find('id-0', now)).toBe('<0@example.org>');
    expect(await store().sentIds.find('id-59', now)).toBe('<59@example.org>');
    expect(await store().sentIds.find('id-60', now)).toBeUndefined();
  });

  it('forgets when the time is over, also before DynamoDB has deleted the item', async () => {
    await store().sentIds.remember([{ id: 'old', messageId: '<old@example.org>' }], now);
    expect(await store().sentIds.find('old', new Date(now.getTime() - 1000))).toBe('<old@example.org>');
    expect(await store().sentIds.find('old', now)).toBeUndefined();
  });

  it('writes the same again, and nothing at all', async () => {
    await store().sentIds.remember([{ id: 'twice', messageId: '<twice@example.org>' }], nextYear);
    await store().sentIds.remember([{ id: 'twice', messageId: '<twice@example.org>' }], nextYear);
    await store().sentIds.remember([], nextYear);
    expect(await store().sentIds.find('twice', now)).toBe('<twice@example.org>');
  });
};
