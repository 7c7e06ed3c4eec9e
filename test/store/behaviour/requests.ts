import { describe, expect, it } from 'vitest';
import type { RequestChange, Store } from '../../../lib/store/store.ts';
import { requestSchema, type SubscriptionRequest } from '../../../lib/subscriptions/request.ts';
import { all } from './all.ts';

const now = new Date('2026-01-01T00:00:00.000Z');
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

let lists = 0;
/** A request on a list of its own, unless one is named. */
const wish = (over: Partial<SubscriptionRequest> = {}): SubscriptionRequest => {
  lists += 1;
  return requestSchema.parse({
    list_id: `requests-${lists}.example.com`,
    kind: 'join',
    email: 'Anne@example.org',
    display_name: 'Anne',
    delivery_mode: 'mime_digests',
    state: 'confirming',
    token: `token ${lists}`,
    cause: `cause ${lists}`,
    member_id: `member ${lists}`,
    created_at: now.toISOString(),
    changed_at: now.toISOString(),
    expires_at: later(3).toISOString(),
    ...over,
  });
};

const step = (cause: string, over: Partial<RequestChange> = {}): RequestChange => ({
  state: 'moderating',
  token: `token after ${cause}`,
  cause,
  by: 'anne@example.org',
  changed_at: later(1).toISOString(),
  expires_at: later(180).toISOString(),
  ...over,
});

/** What the store promises of requests. */
export const requestsBehave = (store: () => Store): void => {
  describe('begin', () => {
    it('gives a request back as it was begun, by its address in any letters and by its token', async () => {
      const { requests } = store();
      const anne = wish();
      expect(await requests.begin(anne, now)).toEqual({ kind: 'begun', request: anne });
      expect(await requests.get(anne.list_id, 'join', 'ANNE@example.org', now)).toEqual(anne);
      expect(await requests.byToken(anne.token, now)).toEqual(anne);
      expect(await requests.get(anne.list_id, 'leave', 'anne@example.org', now)).toBeUndefined();
      expect(await requests.byToken('no such token', now)).toBeUndefined();
    });

    it('begins one of two, and tells the other of it', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      const other = { ...anne, cause: 'other', token: 'other', member_id: 'other' };
      expect(await requests.begin(other, now)).toEqual({ kind: 'pending', request: anne, ours: false });
      expect(await requests.byToken('other', now)).toBeUndefined();
    });

    it('begins one of many at once', async () => {
      const { requests } = store();
      const anne = wish();
      const begun = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          requests.begin({ ...anne, cause: `cause ${n}`, token: `at once ${n}` }, now),
        ),
      );
      expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
      expect(new Set(begun.map(({ request }) => request.token)).size).toBe(1);
    });

    it('knows its own repetition, which keeps the first token', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      const again = { ...anne, token: 'drawn anew', member_id: 'drawn anew' };
      expect(await requests.begin(again, now)).toEqual({ kind: 'begun', request: anne });
    });

    it('knows its own repetition when the request has moved on, and does not begin it anew', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      await requests.advance(anne, step('confirmed'), now);
      expect(await requests.begin(anne, now)).toMatchObject({
        kind: 'pending',
        request: { state: 'moderating' },
        ours: true,
      });
      const moderating = await requests.get(anne.list_id, 'join', anne.email, now);
      if (moderating === undefined) throw new Error('The request is gone');
      await requests.advance(moderating, step('accepted', { state: 'done' }), now);
      expect(await requests.begin(anne, now)).toMatchObject({ request: { state: 'done' }, ours: true });
    });

    it.each(['done', 'rejected', 'discarded'] as const)(
      'knows its own repetition when the request is %s, whatever was drawn anew for it',
      async (state) => {
        const { requests } = store();
        const anne = wish();
        await requests.begin(anne, now);
        await requests.advance(anne, step('decided', { state }), now);
        const again = { ...anne, token: `again ${anne.token}`, member_id: 'drawn anew' };
        expect(await requests.begin(again, now)).toMatchObject({
          kind: 'pending',
          request: { state, member_id: anne.member_id },
          ours: true,
        });
      },
    );

    it.each(['done', 'rejected', 'discarded'] as const)('begins after one that is %s', async (state) => {
      const { requests } = store();
      const anne = wish({ state });
      await requests.begin(anne, now);
      expect(await requests.begin(anne, now)).toEqual({ kind: 'begun', request: anne });
      const token = `next ${anne.token}`;
      const next = { ...anne, state: 'confirming' as const, cause: 'next', member_id: 'next', token };
      expect(await requests.begin(next, now)).toEqual({ kind: 'begun', request: next });
      expect(await requests.byToken(next.token, now)).toEqual(next);
    });

    it('does not begin where a membership was ended already, until that is forgotten', async () => {
      const { requests } = store();
      const anne = wish({ kind: 'leave', state: 'done', expires_at: later(3).toISOString() });
      await requests.begin(anne, now);
      const other = { ...anne, cause: 'other' };
      expect(await requests.begin(other, now)).toEqual({ kind: 'pending', request: anne, ours: false });
      expect(await requests.begin(other, later(3))).toMatchObject({ kind: 'begun' });
    });

    it('begins after one that has expired, which is nothing any more', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      expect(await requests.get(anne.list_id, 'join', anne.email, later(3))).toBeUndefined();
      expect(await requests.byToken(anne.token, later(3))).toBeUndefined();
      expect(await all(requests.ls(anne.list_id, { now: later(3) }))).toEqual([]);
      expect(await requests.advance(anne, step('too late'), later(3))).toEqual({
        kind: 'used',
        request: undefined,
      });
      const next = { ...anne, cause: 'next', token: 'next', expires_at: later(6).toISOString() };
      expect(await requests.begin(next, later(3))).toEqual({ kind: 'begun', request: next });
    });
  });

  describe('advance', () => {
    it('moves a request on to its next token; the former one does nothing more', async () => {
      const { requests } = store();
      const anne = wish({ comment: 'of the first step' });
      await requests.begin(anne, now);
      const { comment: _, ...rest } = anne;
      const change = step(`confirm ${anne.token}`);
      const moved = { ...rest, ...change };
      expect(await requests.advance(anne, change, now)).toEqual({ kind: 'advanced', request: moved });
      expect(await requests.get(anne.list_id, 'join', anne.email, now)).toEqual(moved);
      expect(await requests.byToken(change.token, now)).toEqual(moved);
      expect(await requests.byToken(anne.token, now)).toBeUndefined();
      expect(await requests.advance(anne, step('another'), now)).toEqual({ kind: 'used', request: moved });
      // It now lives as long as its new state does.
      expect(await requests.byToken(change.token, later(100))).toEqual(moved);
    });

    it('lets whoever moved it on find it by the former token, and repeat', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      const change = step(`repeated ${anne.token}`);
      const { request } = await requests.advance(anne, change, now);
      expect(await requests.byToken(anne.token, now, change.cause)).toEqual(request);
      expect(await requests.byToken(anne.token, now, 'somebody else')).toBeUndefined();
      const again = { ...change, token: 'drawn anew' };
      expect(await requests.advance(anne, again, now)).toEqual({ kind: 'again', request });
      expect(await requests.byToken('drawn anew', now)).toBeUndefined();
    });

    it('lets one of many confirmations at once win', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, n) => requests.advance(anne, step(`click ${n} ${anne.token}`), now)),
      );
      expect(outcomes.filter(({ kind }) => kind === 'advanced')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'used')).toHaveLength(7);
    });

    it('uses a token up even when the end keeps it', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      const change = step('kept', { state: 'done', token: anne.token });
      expect((await requests.advance(anne, change, now)).kind).toBe('advanced');
      expect((await requests.advance(anne, step('second'), now)).kind).toBe('used');
    });

    it('makes no request of one that is gone', async () => {
      const { requests } = store();
      const anne = wish();
      expect(await requests.advance(anne, step('gone'), now)).toEqual({ kind: 'used', request: undefined });
      expect(await requests.get(anne.list_id, 'join', anne.email, now)).toBeUndefined();
    });
  });

  describe('end', () => {
    it('removes a request with its token, and nothing that came after it', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      await requests.end(anne);
      await requests.end(anne);
      expect(await requests.byToken(anne.token, now)).toBeUndefined();
      const next = { ...anne, cause: 'next', token: `next ${anne.token}` };
      await requests.begin(next, now);
      await requests.end(anne);
      expect(await requests.byToken(next.token, now)).toEqual(next);
    });
  });

  describe('ls and of', () => {
    it('lists the requests of one list, of a kind and in a state, or of an address', async () => {
      const { requests } = store();
      const anne = wish();
      const { list_id } = anne;
      const bart = wish({ list_id, email: 'bart@example.org', state: 'moderating' });
      const cris = wish({ list_id, email: 'cris@example.org', kind: 'leave', state: 'moderating' });
      const abroad = wish({ list_id: `${list_id}.au`, email: 'cris@example.org' });
      for (const one of [cris, bart, anne, abroad]) await requests.begin(one, now);
      expect(await all(requests.ls(list_id, { now }))).toEqual([anne, bart, cris]);
      expect(await all(requests.ls(list_id, { now, kind: 'leave' }))).toEqual([cris]);
      expect(await all(requests.ls(list_id, { now, state: 'moderating' }))).toEqual([bart, cris]);
      expect(await all(requests.ls(list_id, { now, kind: 'join', state: 'moderating' }))).toEqual([bart]);
      expect(await all(requests.of('CRIS@example.org', now))).toEqual([cris, abroad]);
      expect(await all(requests.of('CRIS@example.org', later(3)))).toEqual([]);
    });

    it('lists more than fit into one page of DynamoDB', async () => {
      const { requests } = store();
      const { list_id } = wish();
      const many = Array.from({ length: 150 }, (_, n) =>
        wish({
          list_id,
          email: `m${String(n).padStart(3, '0')}@example.org`,
          display_name: 'x'.repeat(10_000),
        }),
      );
      await Promise.all(many.map((one) => requests.begin(one, now)));
      expect(await all(requests.ls(list_id, { now }))).toEqual(many);
    });
  });

  describe('carry', () => {
    it('puts a request under another address, where its token finds it', async () => {
      const { requests } = store();
      const anne = wish();
      await requests.begin(anne, now);
      await requests.carry(anne, 'anne@example.net', now);
      await requests.carry(anne, 'anne@example.net', now);
      const carried = { ...anne, email: 'anne@example.net' };
      expect(await requests.byToken(anne.token, now)).toEqual(carried);
      expect(await requests.get(anne.list_id, 'join', 'anne@example.net', now)).toEqual(carried);
      expect(await requests.get(anne.list_id, 'join', 'anne@example.org', now)).toBeUndefined();
      expect(await requests.begin(carried, now)).toEqual({ kind: 'begun', request: carried });
    });

    it('leaves the other address its own request', async () => {
      const { requests } = store();
      const anne = wish();
      const own = wish({ list_id: anne.list_id, email: 'anne@example.net' });
      await requests.begin(anne, now);
      await requests.begin(own, now);
      await requests.carry(anne, 'anne@example.net', now);
      expect(await all(requests.ls(anne.list_id, { now }))).toEqual([own]);
      expect(await requests.byToken(anne.token, now)).toBeUndefined();
    });

    it('does not take back what was done under the other address since an attempt that died', async () => {
      const { requests } = store();
      const anne = wish();
      const { list_id } = anne;
      await requests.begin(anne, now);
      await requests.carry(anne, 'anne@example.net', now);
      const moved = await requests.advance({ ...anne, email: 'anne@example.net' }, step('then'), now);
      // As if the attempt had died before it removed the former one.
      await requests.begin(anne, now);
      await requests.carry(anne, 'anne@example.net', now);
      expect(await all(requests.ls(list_id, { now }))).toEqual([moved.request]);
    });
  });
};
