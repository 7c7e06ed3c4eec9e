import { expect, it } from 'vitest';
import { type HeldMail, heldMailSchema } from '../../../lib/held/held-mail.ts';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

const held = (list_id: string, request_id: number, over: Partial<HeldMail> = {}): HeldMail =>
  heldMailSchema.parse({
    request_id,
    list_id,
    mail_id: `mail ${request_id}`,
    token: `token ${request_id} of ${list_id}`,
    message_id: `<${request_id}@example.org>`,
    sender: 'anne@example.org',
    subject: 'Grüße',
    reasons: ['It has no subject.', 'It is too large.'],
    hold_date: '2026-01-01T00:00:00.000Z',
    blob: `kept/held/${request_id}`,
    envelope: { sender: 'anne@example.org', recipient: 'ant@example.com' },
    metadata: { original_size: 12, received_time: '2026-01-01T00:00:00.000Z', to_list: true },
    ...over,
  });

const numbers = (items: readonly HeldMail[]): readonly number[] => items.map(({ request_id }) => request_id);

/** What the store promises of held mails. */
export const heldBehaves = (store: () => Store): void => {
  it('numbers the held mails of a list from 1 on, each number once', async () => {
    const taken = await Promise.all(
      Array.from({ length: 10 }, () => store().held.takeNumber('hen.example.com')),
    );
    expect(taken.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await store().held.takeNumber('hog.example.com')).toBe(1);
  });

  it('gives a held mail back as it was put, by its number and by its token', async () => {
    const item = held('ape.example.com', 7);
    await store().held.put(item);
    expect(await store().held.get('ape.example.com', 7)).toEqual(item);
    expect(await store().held.byToken(item.token)).toEqual(item);
    expect(await store().held.get('ape.example.com', 8)).toBeUndefined();
    expect(await store().held.byToken('no such token')).toBeUndefined();
  });

  it('puts a mail once: what was claimed meanwhile stays claimed', async () => {
    const item = held('bat.example.com', 1);
    await store().held.put(item);
    await store().held.claim('bat.example.com', 1, 'carl@example.org', new Date('2026-01-02'));
    await store().held.put(item);
    expect(await store().held.get('bat.example.com', 1)).toMatchObject({
      claimed_by: 'carl@example.org',
      claimed_at: '2026-01-02T00:00:00.000Z',
    });
  });

  it('lists the held mails of one list by their numbers, as numbers, from any of them on', async () => {
    for (const number of [10, 9, 100, 2]) await store().held.put(held('cow.example.com', number));
    await store().held.put(held('cow.example.com.au', 3));
    expect(numbers(await all(store().held.ls('cow.example.com')))).toEqual([2, 9, 10, 100]);
    expect(numbers(await all(store().held.ls('cow.example.com', 10)))).toEqual([10, 100]);
    expect(await all(store().held.ls('nobody.example.com'))).toEqual([]);
  });

  it('lists more than fit into one page of DynamoDB', async () => {
    const many = Array.from({ length: 150 }, (_, n) =>
      held('doe.example.com', n + 1, { subject: 'x'.repeat(10_000) }),
    );
    await Promise.all(many.map((item) => store().held.put(item)));
    expect(numbers(await all(store().held.ls('doe.example.com')))).toEqual(numbers(many));
  });

  it('lets one moderator claim a mail, tells the others who did, and lets anybody give it back', async () => {
    const { held: mails } = store();
    await mails.put(held('eel.example.com', 1));
    const now = new Date('2026-01-02');
    const claim = (by: string | null) => mails.claim('eel.example.com', 1, by, now);
    expect(await claim('anne@example.org')).toMatchObject({ claimed_by: 'anne@example.org' });
    expect(await claim('bart@example.org')).toMatchObject({ claimed_by: 'anne@example.org' });
    expect(await claim('anne@example.org')).toMatchObject({ claimed_by: 'anne@example.org' });
    expect(await claim(null)).toEqual(held('eel.example.com', 1));
    expect(await claim('bart@example.org')).toMatchObject({ claimed_by: 'bart@example.org' });
  });

  it('lets one of many claims at once win', async () => {
    const { held: mails } = store();
    await mails.put(held('fly.example.com', 1));
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        mails.claim('fly.example.com', 1, `m${n}@example.org`, new Date('2026-01-02')),
      ),
    );
    expect(new Set(claims.map((claim) => claim?.claimed_by)).size).toBe(1);
  });

  it('makes no held mail by a claim of one that is gone', async () => {
    const { held: mails } = store();
    expect(await mails.claim('gnu.example.com', 1, 'anne@example.org', new Date())).toBeUndefined();
    expect(await mails.claim('gnu.example.com', 1, null, new Date())).toBeUndefined();
    expect(await mails.get('gnu.example.com', 1)).toBeUndefined();
  });

  it('removes a held mail, and its token with it', async () => {
    const { held: mails } = store();
    const item = held('jay.example.com', 1);
    await mails.put(item);
    await mails.remove('jay.example.com', 1);
    await mails.remove('jay.example.com', 1);
    expect(await mails.get('jay.example.com', 1)).toBeUndefined();
    expect(await mails.byToken(item.token)).toBeUndefined();
    expect(await all(mails.ls('jay.example.com'))).toEqual([]);
  });
};
