import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';

const expires = new Date('2027-01-01');

/** What the store promises of former members. */
export const formerBehave = (store: () => Store): void => {
  it('remembers what a member had, the last time, in whatever letters one asks, until a date', async () => {
    const { former } = store().members;
    const anne = {
      list_id: 'ant.example.com',
      email: 'Anne@example.org',
      left_at: '2026-01-01T00:00:00.000Z',
      moderation_action: 'hold',
      delivery_mode: 'mime_digests',
    } as const;
    await former.put({ ...anne, moderation_action: 'accept', hide_address: true }, expires);
    await former.put(anne, expires);
    expect(await former.get('ant.example.com', 'ANNE@example.org', new Date('2026-12-31'))).toEqual(anne);
    expect(await former.get('ant.example.com', 'anne@example.org', expires)).toBeUndefined();
    expect(await former.get('bee.example.com', 'anne@example.org', new Date('2026-12-31'))).toBeUndefined();
  });

  it('finds many at once, whoever is asked twice or is not there', async () => {
    const { former } = store().members;
    const bart = {
      list_id: 'bee.example.com',
      email: 'Bart@example.org',
      left_at: '2026-01-01T00:00:00.000Z',
    };
    await former.put(bart, expires);
    const asked = ['BART@example.org', 'bart@example.org', 'cris@example.org'];
    expect(await former.getMany('bee.example.com', asked, new Date('2026-12-31'))).toEqual([bart]);
    expect(await former.getMany('bee.example.com', asked, expires)).toEqual([]);
  });
};
