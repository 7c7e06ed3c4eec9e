import { expect, it } from 'vitest';
import type { Member } from '../../../lib/members/member.ts';
import type { Store } from '../../../lib/store/store.ts';
import type { Address } from '../../../lib/users/address.ts';
import { all } from './all.ts';

const address = (email: string, over: Partial<Address> = {}): Address => ({
  email,
  display_name: '',
  registered_on: '2026-01-01T00:00:00.000Z',
  preferences: {},
  ...over,
});

/** What the store promises of addresses. */
export const addressesBehave = (store: () => Store): void => {
  it('gives an address back as it was registered, in whatever letters one asks', async () => {
    const { addresses } = store();
    const anne = address('Anne@Example.org', {
      display_name: 'Anne',
      preferences: { delivery_mode: 'mime_digests', hide_address: false },
    });
    expect(await addresses.register(anne)).toEqual(anne);
    expect(await addresses.get('aNNe@example.ORG')).toEqual(anne);
    expect(await addresses.get('nobody@example.org')).toBeUndefined();
  });

  it('gives an address with what it is on one list, in the roles that are asked for', async () => {
    const { addresses, members } = store();
    const olga = address('Olga@onlist.example');
    const asked = (email: string) => addresses.onList(email, 'onlist.example.com', ['member', 'owner']);
    const as = (role: Member['role'], list_id = 'onlist.example.com'): Member => ({
      member_id: `${role} of ${list_id}`,
      list_id,
      role,
      email: olga.email,
      display_name: '',
      subscribed_at: '2026-01-01T00:00:00.000Z',
    });
    expect(await asked(olga.email)).toEqual({ address: undefined, members: [] });
    for (const member of [as('owner'), as('moderator'), as('member', 'other.example.com')]) {
      await members.add(member);
    }
    expect(await asked('olga@ONLIST.example')).toEqual({ address: undefined, members: [as('owner')] });
    await addresses.register(olga);
    expect(await asked('olga@onlist.example')).toEqual({ address: olga, members: [as('owner')] });
  });

  it('registers an address once, and tells what is known of it', async () => {
    const { addresses } = store();
    const bart = address('bart@example.org', { display_name: 'Bart' });
    await addresses.register(bart);
    expect(await addresses.register(address('BART@example.org'))).toEqual(bart);
    expect(await addresses.get('bart@example.org')).toEqual(bart);
  });

  it('notes the first moment in which an address was verified', async () => {
    const { addresses } = store();
    await addresses.register(address('cris@example.org'));
    const verified = await addresses.verify('CRIS@example.org', new Date('2026-01-02'));
    expect(verified?.verified_on).toBe('2026-01-02T00:00:00.000Z');
    expect(await addresses.verify('cris@example.org', new Date('2026-01-03'))).toEqual(verified);
    expect(await addresses.verify('nobody@example.org', new Date())).toBeUndefined();
    expect(await addresses.get('nobody@example.org')).toBeUndefined();
  });

  it('changes what is given, takes away what is null, and changes nobody who is not there', async () => {
    const { addresses } = store();
    await addresses.register(address('dora@example.org', { verified_on: '2026-01-02T00:00:00.000Z' }));
    const changed = address('dora@example.org', { preferences: { hide_address: true } });
    const changes = { preferences: { hide_address: true }, verified_on: null };
    expect(await addresses.set('DORA@example.org', changes)).toEqual(changed);
    expect(await addresses.get('dora@example.org')).toEqual(changed);
    expect(await addresses.set('nobody@example.org', changes)).toBeUndefined();
    expect(await addresses.get('nobody@example.org')).toBeUndefined();
  });

  it('finds the addresses of a user, as they are linked and unlinked', async () => {
    const { addresses } = store();
    const one = address('Emma@example.org', { user_id: 'emma' });
    await addresses.register(one);
    await addresses.register(address('emma@example.net'));
    await addresses.register(address('other@example.net', { user_id: 'emma2' }));
    expect(await all(addresses.of('emma'))).toEqual([one]);
    const two = await addresses.set('emma@example.net', { user_id: 'emma' });
    expect(await all(addresses.of('emma'))).toEqual([two, one]);
    await addresses.set('emma@example.org', { user_id: null });
    await addresses.set('emma@example.net', { display_name: 'Emma' });
    expect(await all(addresses.of('emma'))).toEqual([{ ...two, display_name: 'Emma' }]);
  });

  it('finds many at once, whatever is asked twice or is not there', async () => {
    const { addresses } = store();
    const asked = Array.from({ length: 120 }, (_, index) => `many-${index}@example.org`);
    const [first, last] = [address('Many-0@example.org'), address('many-119@example.org')];
    await addresses.register(first);
    await addresses.register(last);
    const found = await addresses.getMany([...asked, 'MANY-0@example.org']);
    expect(found.toSorted((a, b) => b.email.length - a.email.length)).toEqual([last, first]);
    expect(await addresses.getMany([])).toEqual([]);
  });

  it('removes an address, and says whether there was one', async () => {
    const { addresses } = store();
    await addresses.register(address('fred@example.org', { user_id: 'fred' }));
    expect(await addresses.remove('FRED@example.org')).toBe(true);
    expect(await addresses.remove('fred@example.org')).toBe(false);
    expect(await all(addresses.of('fred'))).toEqual([]);
  });

  it('lets an address be in one move at most', async () => {
    const { addresses } = store();
    for (const name of ['a', 'b', 'c']) await addresses.register(address(`${name}@move.example`));
    expect(await addresses.receive('b@move.example', 'A@move.example')).toMatchObject({
      moving_from: 'a@move.example',
    });
    expect(await addresses.move('a@move.example', 'B@move.example', 'everything')).toMatchObject({
      moving_to: 'b@move.example',
      moving_what: 'everything',
    });
    // Begun again, it goes on.
    expect(await addresses.receive('b@move.example', 'a@move.example')).toBeDefined();
    expect(await addresses.move('a@move.example', 'b@move.example', 'everything')).toBeDefined();
    // What moves goes nowhere else and takes nobody's place; what receives goes nowhere and takes no other place.
    expect(await addresses.move('a@move.example', 'c@move.example', 'everything')).toBeUndefined();
    expect(await addresses.move('a@move.example', 'b@move.example', 'as_user')).toBeUndefined();
    expect(await addresses.receive('a@move.example', 'c@move.example')).toBeUndefined();
    expect(await addresses.move('b@move.example', 'c@move.example', 'everything')).toBeUndefined();
    expect(await addresses.receive('b@move.example', 'c@move.example')).toBeUndefined();
    expect(await addresses.receive('b@move.example', 'c@move.example', 'a@move.example')).toBeDefined();

    await addresses.received('b@move.example', 'a@move.example');
    expect(await addresses.get('b@move.example')).toMatchObject({ moving_from: 'c@move.example' });
    await addresses.received('b@move.example', 'c@move.example');
    await addresses.moved('a@move.example', 'c@move.example');
    expect(await addresses.get('a@move.example')).toHaveProperty('moving_to');
    expect(await addresses.remove('a@move.example', 'c@move.example')).toBe(false);
    await addresses.moved('a@move.example', 'b@move.example');
    expect(await addresses.remove('a@move.example', 'b@move.example')).toBe(false);
    expect(await addresses.get('a@move.example')).toEqual(address('a@move.example'));
    expect(await addresses.get('b@move.example')).toEqual(address('b@move.example'));
    await addresses.move('a@move.example', 'B@move.example', 'everything');
    expect(await addresses.remove('A@move.example', 'B@move.example')).toBe(true);
    expect(await addresses.get('a@move.example')).toBeUndefined();
  });

  it('moves nobody who is not there', async () => {
    const { addresses } = store();
    expect(await addresses.move('nobody@example.org', 'x@example.org', 'everything')).toBeUndefined();
    expect(await addresses.receive('nobody@example.org', 'x@example.org')).toBeUndefined();
    await addresses.moved('nobody@example.org', 'x@example.org');
    await addresses.received('nobody@example.org', 'x@example.org');
    expect(await addresses.get('nobody@example.org')).toBeUndefined();
  });
};
