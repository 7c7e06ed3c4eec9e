import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languageOf, preferenceOf, takesMail } from '../../lib/members/effective.ts';
import type { Member } from '../../lib/members/member.ts';
import { mergeChanges } from '../../lib/members/merge-members.ts';
import { recipientsOf } from '../../lib/runners/pipeline.ts';
import {
  inheritedFrom,
  spreadPreferences,
  spreadUserPreferences,
} from '../../lib/users/spread-preferences.ts';
import { openWorld, type World } from './world.ts';

const member = (over: Partial<Member> = {}): Member => ({
  member_id: 'stays',
  list_id: 'ant.example.com',
  role: 'member',
  email: 'anne@example.org',
  display_name: '',
  subscribed_at: '2026-01-02T00:00:00.000Z',
  ...over,
});

describe('a preference', () => {
  it.each([
    ['the own one before all', { hide_address: false, inherited: { hide_address: true } }, false],
    ['the inherited one where there is no own', { inherited: { hide_address: false } }, false],
    ['the default where nobody says anything', { inherited: { delivery_mode: 'regular' as const } }, true],
  ])('is %s', (_, over, wanted) => {
    expect(preferenceOf(member(over), 'hide_address')).toBe(wanted);
  });

  it('has the defaults of Mailman', () => {
    const anne = member();
    expect(preferenceOf(anne, 'acknowledge_posts')).toBe(false);
    expect(preferenceOf(anne, 'delivery_mode')).toBe('regular');
    expect(preferenceOf(anne, 'receive_list_copy')).toBe(true);
    expect(preferenceOf(anne, 'receive_own_postings')).toBe(true);
    expect(takesMail(anne)).toBe(true);
    expect(takesMail(member({ inherited: { delivery_status: 'by_user' } }))).toBe(false);
    expect(languageOf(anne)).toBeUndefined();
    expect(languageOf(member({ inherited: { preferred_language: 'de' } }))).toBe('de');
  });

  it('is inherited from the address before the user', () => {
    const user = { preferences: { hide_address: false, delivery_mode: 'mime_digests' as const } };
    expect(inheritedFrom({ preferences: { hide_address: true } }, user)).toEqual({
      hide_address: true,
      delivery_mode: 'mime_digests',
    });
    expect(inheritedFrom(undefined, user)).toEqual(user.preferences);
    expect(inheritedFrom({ preferences: {} }, undefined)).toBeUndefined();
  });
});

describe('a membership into which another one of the same person is merged', () => {
  it.each<[string, Partial<Member>, Partial<Member>, Readonly<Record<string, unknown>>]>([
    ['stays as it is when the other says nothing', { hide_address: true }, {}, {}],
    [
      'takes what it leaves open',
      { hide_address: true },
      { hide_address: false, delivery_mode: 'mime_digests' },
      { delivery_mode: 'mime_digests' },
    ],
    ['takes the name it does not have', {}, { display_name: 'Anne' }, { display_name: 'Anne' }],
    [
      'is treated as the stricter of both',
      { moderation_action: 'accept' },
      { moderation_action: 'hold' },
      { moderation_action: 'hold' },
    ],
    ['stays the stricter one', { moderation_action: 'discard' }, { moderation_action: 'reject' }, {}],
    [
      'is not held for what it is let through for',
      {},
      { moderation_action: 'accept' },
      { moderation_action: 'accept' },
    ],
    [
      'stays stopped by a moderator',
      {},
      { delivery_status: 'by_moderator' },
      { delivery_status: 'by_moderator' },
    ],
    ['does not bounce because the other did', {}, { delivery_status: 'by_bounces' }, {}],
    ['is one as address when one of both is', { user_id: 'anne' }, {}, { user_id: null }],
    ['stays one as user when both are', { user_id: 'anne' }, { user_id: 'anne' }, {}],
    [
      'began with the earlier of both',
      {},
      { subscribed_at: '2026-01-01T00:00:00.000Z' },
      { subscribed_at: '2026-01-01T00:00:00.000Z' },
    ],
  ])('%s', (_, stays, goes, wanted) => {
    expect(mergeChanges(member(stays), member({ member_id: 'goes', ...goes }))).toEqual(wanted);
  });
});

describe('spreading', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  it('tells every membership what address and user wish, and takes it back', async () => {
    const { store } = world;
    await world.user('emma', { preferences: { receive_own_postings: false } });
    await world.address('emma@one.example', { user_id: 'emma' });
    await world.address('emma@two.example', { user_id: 'emma', preferences: { delivery_status: 'by_user' } });
    for (const email of ['emma@one.example', 'emma@two.example', 'emma@three.example']) {
      await world.member('ant.example.com', email);
      await world.member('ant.example.com', email, { role: 'owner' });
    }
    await spreadUserPreferences('emma', store);
    const inherited = async (email: string) => [
      (await store.members.get('ant.example.com', 'member', email))?.inherited,
      (await store.members.get('ant.example.com', 'owner', email))?.inherited,
    ];
    const own = { receive_own_postings: false };
    const both = { ...own, delivery_status: 'by_user' };
    expect(await inherited('emma@one.example')).toEqual([own, own]);
    expect(await inherited('emma@two.example')).toEqual([both, both]);
    expect(await inherited('emma@three.example')).toEqual([undefined, undefined]);

    const roster = await recipientsOf(
      { list_id: 'ant.example.com' },
      { roles: ['member'], keeps: takesMail, otherwise: [] },
      store.members,
    );
    expect(roster.map(({ email }) => email)).toEqual(['emma@one.example', 'emma@three.example']);

    await store.users.set('emma', { preferences: {} });
    await spreadPreferences('emma@one.example', store);
    expect(await inherited('emma@one.example')).toEqual([undefined, undefined]);
  });
});
