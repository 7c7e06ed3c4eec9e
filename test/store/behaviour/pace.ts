import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';

/** What the store promises of the pace; each test begins with a note of the quota, since there is one pace only. */
export const paceBehaves = (store: () => Pick<Store, 'pace'>): void => {
  const at = new Date('2026-11-21T12:00:00.000Z');
  const now = at.getTime();
  // Each test takes its slots later than the one before, in a time of its own.
  let hour = now;
  const begin = async (quota: { readonly max_24h?: number } = {}) => {
    hour += 3_600_000;
    return store().pace.note({ max_per_second: 10, max_24h: 1000, sent_24h: 0, ...quota }, at);
  };

  it('knows nothing before the quota was read, and slows nobody then', async () => {
    await store().pace.slow(at);
    expect(await store().pace.get()).toBeUndefined();
  });

  it('keeps the quota, and what was leased and slowed beside it', async () => {
    await begin();
    const until = new Date(now + 60_000);
    await store().pace.slow(until);
    const pace = await store().pace.note({ max_per_second: 14, max_24h: -1, sent_24h: 7 }, at);
    expect(pace).toMatchObject({ max_per_second: 14, max_24h: -1, sent_24h: 7, read_at: now });
    expect(pace.slow_until).toBe(now + 60_000);
    expect(await store().pace.get()).toEqual(pace);
  });

  it('stays slow until the latest moment that was asked for', async () => {
    await begin();
    await store().pace.slow(new Date(now + 120_000));
    await store().pace.slow(new Date(now + 90_000));
    expect((await store().pace.get())?.slow_until).toBe(now + 120_000);
  });

  it('leases slots at once when nobody sends, and one behind the other', async () => {
    const known = await begin();
    const first = await store().pace.lease({ known, slots: 5, span: 500, from: hour });
    expect(first?.first).toBe(hour);
    // By what was known before the first lease, as another sender knows it.
    const second = await store().pace.lease({ known, slots: 3, span: 300, from: hour + 10 });
    expect(second?.first).toBe(hour + 500);
    expect(second?.pace).toMatchObject({ next: hour + 800, sent_24h: 8 });
    const third = await store().pace.lease({ known, slots: 1, span: 100, from: hour + 5000 });
    expect(third?.first).toBe(hour + 5000);
  });

  it('leases nothing by a pace that has changed', async () => {
    const known = await begin();
    await store().pace.note({ max_per_second: 5, max_24h: 1000, sent_24h: 0 }, at);
    expect(await store().pace.lease({ known, slots: 1, span: 100, from: hour })).toBeUndefined();
    const changed = await begin();
    await store().pace.slow(new Date(changed.slow_until + 1000));
    expect(await store().pace.lease({ known: changed, slots: 1, span: 100, from: hour })).toBeUndefined();
  });

  it('leases no more than the quota, whoever asks', async () => {
    const known = await begin({ max_24h: 10 });
    const lease = (slots: number) => store().pace.lease({ known, slots, span: slots * 100, from: hour });
    expect(await lease(6)).toBeDefined();
    expect(await lease(5)).toBeUndefined();
    expect(await lease(4)).toBeDefined();
    expect(await lease(1)).toBeUndefined();
  });

  it('gives each of many at once slots of its own', async () => {
    const known = await begin();
    const leases = await Promise.all(
      Array.from({ length: 10 }, () => store().pace.lease({ known, slots: 2, span: 200, from: hour })),
    );
    expect(leases.map((lease) => lease?.first).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, n) => hour + n * 200),
    );
  });
};
