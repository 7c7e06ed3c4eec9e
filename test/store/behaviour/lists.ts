import { expect, it } from 'vitest';
import type { MailingList } from '../../../lib/lists/list.ts';
import { readListSettings } from '../../../lib/lists/settings.ts';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

const listNamed = (list_name: string, mail_host = 'example.com'): MailingList => ({
  list_id: `${list_name}.${mail_host}`,
  list_name,
  mail_host,
  created_at: '2026-01-01T00:00:00.000Z',
  settings: readListSettings({ display_name: 'Ants', description: 'On ants' }),
});

/** What the store promises of lists. */
export const listsBehave = (store: () => Store): void => {
  it('gives a list back as it was made, by its address and by its id', async () => {
    const { lists } = store();
    const ant = listNamed('ant');
    expect(await lists.create(ant)).toBe(true);
    expect(await lists.find('ant@example.com')).toEqual(ant);
    expect(await lists.byId('ant.example.com')).toEqual(ant);
    expect(await lists.uncounted('ant.example.com')).toEqual(ant);
    expect(await lists.uncounted('nobody.example.com')).toBeUndefined();
  });

  it('makes a list once, and leaves the first as it is', async () => {
    const { lists } = store();
    expect(await lists.create(listNamed('bee'))).toBe(true);
    const other = { ...listNamed('bee'), created_at: '2027-01-01T00:00:00.000Z' };
    expect(await lists.create(other)).toBe(false);
    expect(await lists.find('bee@example.com')).toEqual(listNamed('bee'));
  });

  it('finds nothing by what is no address of a list', async () => {
    const { lists } = store();
    await lists.create(listNamed('a.b'));
    // The id a.b.example.com could be that of a@b.example.com as well.
    for (const address of ['a@b.example.com', 'cat@example.com', '@example.com', 'a.b', '']) {
      expect(await lists.find(address), address).toBeUndefined();
    }
    expect(await lists.find('a.b@example.com')).toEqual(listNamed('a.b'));
    expect(await lists.byId('cat.example.com')).toBeUndefined();
  });

  it('changes the settings that are given and no others', async () => {
    const { lists } = store();
    const dog = listNamed('dog');
    await lists.create(dog);
    const changes = { description: '', anonymous_list: true, accept_these_nonmembers: ['^.*@example.org$'] };
    const wanted = { ...dog, settings: { ...dog.settings, ...changes } };
    expect(await lists.set('dog.example.com', changes)).toEqual(wanted);
    expect(await lists.find('dog@example.com')).toEqual(wanted);
    expect(await lists.set('nobody.example.com', changes)).toBeUndefined();
    expect(await lists.byId('nobody.example.com')).toBeUndefined();
  });

  it('counts posts from 1, each number once however many ask at once', async () => {
    const { lists } = store();
    await lists.create(listNamed('eel'));
    const now = new Date('2026-03-01T10:00:00Z');
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => lists.takePostNumber('eel.example.com', now)),
    );
    expect([...taken].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect((await lists.byId('eel.example.com'))?.settings).toMatchObject({
      post_id: 21,
      last_post_at: now.toISOString(),
    });
  });

  it('goes on counting from a number that somebody set', async () => {
    const { lists } = store();
    await lists.create(listNamed('fox'));
    expect((await lists.set('fox.example.com', { post_id: 500 }))?.settings.post_id).toBe(500);
    expect(await lists.takePostNumber('fox.example.com', new Date())).toBe(500);
    expect(await lists.takePostNumber('fox.example.com', new Date())).toBe(501);
  });

  it('removes a list with its numbers, so that a new one of that name begins anew', async () => {
    const { lists } = store();
    await lists.create(listNamed('gnu'));
    await lists.takePostNumber('gnu.example.com', new Date());
    await lists.remove('gnu.example.com');
    expect(await lists.find('gnu@example.com')).toBeUndefined();
    expect(await lists.byId('gnu.example.com')).toBeUndefined();
    expect(await lists.create(listNamed('gnu'))).toBe(true);
    expect(await lists.takePostNumber('gnu.example.com', new Date())).toBe(1);
  });

  it('lists every list once, and no removed one', async () => {
    const { lists } = store();
    for (const name of ['hen', 'ibis', 'jay']) await lists.create(listNamed(name, 'all.example.com'));
    await lists.remove('ibis.all.example.com');
    const names = (await all(lists.ls()))
      .filter(({ mail_host }) => mail_host === 'all.example.com')
      .map(({ list_name }) => list_name);
    expect(names).toEqual(['hen', 'jay']);
  });
};
