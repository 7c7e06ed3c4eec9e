import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';
import type { User } from '../../../lib/users/user.ts';
import { all } from './all.ts';

const user = (user_id: string, over: Partial<User> = {}): User => ({
  user_id,
  display_name: '',
  is_server_owner: false,
  preferences: {},
  created_on: '2026-01-01T00:00:00.000Z',
  ...over,
});

/** What the store promises of users. */
export const usersBehave = (store: () => Store): void => {
  it('gives a user back as created, and creates one once', async () => {
    const { users } = store();
    const anne = user('1', { display_name: 'Anne', preferences: { receive_own_postings: false } });
    expect(await users.create(anne)).toBe(true);
    expect(await users.create(user('1'))).toBe(false);
    expect(await users.get('1')).toEqual(anne);
    expect(await users.get('2')).toBeUndefined();
  });

  it('changes what is given, takes away what is null, and changes nobody who is not there', async () => {
    const { users } = store();
    await users.create(user('3', { preferred_address: 'a@example.org' }));
    const changed = user('3', { is_server_owner: true });
    expect(await users.set('3', { is_server_owner: true, preferred_address: null })).toEqual(changed);
    expect(await users.get('3')).toEqual(changed);
    expect(await users.set('nobody', { is_server_owner: true })).toBeUndefined();
    expect(await users.get('nobody')).toBeUndefined();
  });

  it('lists the users, and removes one', async () => {
    const { users } = store();
    for await (const { user_id } of users.ls()) await users.remove(user_id);
    await users.create(user('4'));
    await users.create(user('5'));
    expect(await all(users.ls())).toEqual([user('4'), user('5')]);
    expect(await users.remove('4')).toBe(true);
    expect(await users.remove('4')).toBe(false);
    expect(await all(users.ls())).toEqual([user('5')]);
  });
};
