import { expect, it } from 'vitest';
import type { Member } from '../../../lib/members/member.ts';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

const member = (list_id: string, email: string, over: Partial<Member> = {}): Member => ({
  member_id: `id of ${email}`,
  list_id,
  role: 'member',
  email,
  display_name: '',
  subscribed_at: '2026-01-01T00:00:00.000Z',
  ...over,
});

/** What the store promises of members. */
export const membersBehave = (store: () => Store): void => {
  it('gives a member back as it joined, in whatever letters one asks', async () => {
    const { members } = store();
    const anne = member('ant.example.com', 'Anne@Example.org', {
      display_name: 'Anne Person',
      delivery_mode: 'mime_digests',
      delivery_status: 'by_user',
      receive_own_postings: false,
    });
    expect(await members.add(anne)).toBe(true);
    expect(await members.get('ant.example.com', 'member', 'aNNe@example.ORG')).toEqual(anne);
    expect(await members.get('ant.example.com', 'owner', 'anne@example.org')).toBeUndefined();
    expect(await members.get('bee.example.com', 'member', 'anne@example.org')).toBeUndefined();
  });

  it('adds an address once to a role, and to each role', async () => {
    const { members } = store();
    const bart = member('bee.example.com', 'bart@example.org', { display_name: 'Bart' });
    expect(await members.add(bart)).toBe(true);
    expect(await members.add({ ...bart, email: 'BART@example.org', display_name: 'Other' })).toBe(false);
    expect(await members.get('bee.example.com', 'member', 'bart@example.org')).toEqual(bart);
    expect(await members.add({ ...bart, role: 'owner' })).toBe(true);
  });

  it('finds many at once, of several roles, whatever is asked twice or is not there', async () => {
    const { members } = store();
    const asked = Array.from({ length: 120 }, (_, index) => `many-${index}@example.org`);
    const anne = member('many.example.com', 'many-3@example.org');
    const owner = member('many.example.com', 'Many-119@example.org', { role: 'owner' });
    await members.add(anne);
    await members.add(owner);
    const questions = [...asked, 'MANY-3@example.org'].flatMap((email) => [
      { role: 'member', email } as const,
      { role: 'owner', email } as const,
    ]);
    const found = await members.getMany('many.example.com', questions);
    expect(found.toSorted((one, other) => one.role.localeCompare(other.role))).toEqual([anne, owner]);
    expect(await members.getMany('many.example.com', [])).toEqual([]);
  });

  it('changes what is given, takes away what is null, and leaves the rest', async () => {
    const { members } = store();
    const cris = member('cat.example.com', 'cris@example.org', {
      delivery_mode: 'regular',
      hide_address: true,
    });
    await members.add(cris);
    const { delivery_mode: _, ...rest } = cris;
    const wanted = { ...rest, delivery_status: 'by_bounces', hide_address: false };
    const changes = { delivery_status: 'by_bounces', hide_address: false, delivery_mode: null };
    expect(await members.set('cat.example.com', 'member', 'CRIS@example.org', changes)).toEqual(wanted);
    expect(await members.get('cat.example.com', 'member', 'cris@example.org')).toEqual(wanted);
    const alone = { delivery_status: null };
    expect(await members.set('cat.example.com', 'member', 'cris@example.org', alone)).not.toHaveProperty(
      'delivery_status',
    );
  });

  it('changes nobody who is not there', async () => {
    const { members } = store();
    const changes = { display_name: 'Nobody' };
    expect(await members.set('cat.example.com', 'member', 'nobody@example.org', changes)).toBeUndefined();
    expect(await members.get('cat.example.com', 'member', 'nobody@example.org')).toBeUndefined();
  });

  it('removes a member from one role, and says whether there was one', async () => {
    const { members } = store();
    await members.add(member('dog.example.com', 'dora@example.org'));
    await members.add(member('dog.example.com', 'dora@example.org', { role: 'moderator' }));
    expect(await members.remove('dog.example.com', 'member', 'dora@example.org', 'another')).toBe(false);
    expect(await members.remove('dog.example.com', 'member', 'DORA@example.org')).toBe(true);
    expect(await members.remove('dog.example.com', 'member', 'dora@example.org')).toBe(false);
    expect(await members.get('dog.example.com', 'member', 'dora@example.org')).toBeUndefined();
    expect(await members.get('dog.example.com', 'moderator', 'dora@example.org')).toBeDefined();
  });

  it('reads the members of one role in pages, sorted by address, all of them', async () => {
    const { members } = store();
    // A page of DynamoDB ends at 1 MB: with names of 1,000 letters that is fewer than these.
    const many = Array.from({ length: 1500 }, (_, n) =>
      member('eel.example.com', `m${String(n).padStart(4, '0')}@example.org`, {
        display_name: 'x'.repeat(1000),
      }),
    );
    await members.add(member('eel.example.com', 'owner@example.org', { role: 'owner' }));
    await members.add(member('eel.example.com', 'non@example.org', { role: 'nonmember' }));
    await members.add(member('eel.example.com.au', 'other@example.org'));
    for (let at = 0; at < many.length; at += 50) await Promise.all(many.slice(at, at + 50).map(members.add));
    const pages = await all(members.pages('eel.example.com', 'member'));
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat().map(({ email }) => email)).toEqual(many.map(({ email }) => email));
    expect((await all(members.pages('eel.example.com', 'owner'))).flat()).toHaveLength(1);
    expect((await all(members.pages('nobody.example.com', 'member'))).flat()).toEqual([]);
  });

  it('finds every membership of an address, on all lists and in all roles', async () => {
    const { members } = store();
    await members.add(member('fox.example.com', 'Fred@example.org'));
    await members.add(member('gnu.example.com', 'fred@example.org', { role: 'owner' }));
    await members.add(member('hen.example.com', 'fred@example.org'));
    await members.add(member('hen.example.com', 'fred@example.org.au'));
    await members.remove('hen.example.com', 'member', 'fred@example.org');
    const found = (await all(members.of('FRED@example.org'))).map(
      ({ list_id, role }) => `${list_id} ${role}`,
    );
    expect(found).toEqual(['fox.example.com member', 'gnu.example.com owner']);
  });
};
