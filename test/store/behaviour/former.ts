import { describe, expect, it } from 'vitest';
import type { FormerMember } from '../../../lib/members/former-member.ts';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

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

  describe('carry', () => {
    const now = new Date('2026-06-01');
    const list_id = 'carry.example.com';
    const left = (email: string, over: Partial<FormerMember> = {}): FormerMember => ({
      list_id,
      email,
      left_at: '2026-01-01T00:00:00.000Z',
      ...over,
    });

    it('lets another address have it, on every list, and the first one no more', async () => {
      const { former } = store().members;
      const dora = left('Dora@old.example', { moderation_action: 'hold', delivery_mode: 'mime_digests' });
      const elsewhere = { ...dora, list_id: 'carry-too.example.com' };
      await former.put(dora, expires);
      await former.put(elsewhere, expires);
      await former.put(left('dora@old.example', { list_id: 'over.example.com' }), now);
      const found = await all(former.of('dora@OLD.example', now));
      expect(found).toEqual(expect.arrayContaining([dora, elsewhere]));
      expect(found).toHaveLength(2);
      for (const one of found) expect(await former.carry(one, 'Dora@new.example', now)).toBe(true);
      expect(await all(former.of('dora@old.example', now))).toEqual([]);
      expect(await former.get(list_id, 'dora@old.example', now)).toBeUndefined();
      // That the other address has left is not said of this one.
      const carried = { ...dora, email: 'Dora@new.example', left_at: '' };
      expect(await former.get(list_id, 'dora@new.example', now)).toEqual(carried);
      expect(await former.get(list_id, 'dora@new.example', expires)).toBeUndefined();
      expect(await former.carry(dora, 'Dora@new.example', now)).toBe(false);
      expect(await former.get(list_id, 'dora@new.example', now)).toEqual(carried);
    });

    it('keeps what the other address had itself, and the stricter decision', async () => {
      const { former } = store().members;
      const old = left('ella@old.example', {
        moderation_action: 'discard',
        delivery_mode: 'mime_digests',
        hide_address: true,
      });
      const own = left('ella@new.example', {
        left_at: '2026-02-01T00:00:00.000Z',
        moderation_action: 'accept',
        delivery_mode: 'regular',
      });
      await former.put(old, expires);
      await former.put(own, new Date('2026-12-01'));
      const merged = { ...own, moderation_action: 'discard', hide_address: true };
      // As when somebody dies in between, who has written the one and not removed the other.
      for (let times = 0; times < 2; times += 1) {
        await former.carry(old, own.email, now);
        expect(await former.get(list_id, own.email, now)).toEqual(merged);
        await former.put(old, expires);
      }
    });
  });
};
