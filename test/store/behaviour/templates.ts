import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

const name = 'list:user:notice:hold';
const ant = { listId: 'ant.example.com', domain: 'example.com' };

/** What the store promises of templates. */
export const templatesBehave = (store: () => Store): void => {
  it('finds the text of the list before that of the domain, and that before the one of the site', async () => {
    const { templates } = store();
    expect(await templates.find(name, ant)).toBeUndefined();
    await templates.set('site', name, 'site');
    expect(await templates.find(name, ant)).toBe('site');
    await templates.set('@example.com', name, 'domain');
    expect(await templates.find(name, ant)).toBe('domain');
    await templates.set('ant.example.com', name, 'list');
    expect(await templates.find(name, ant)).toBe('list');
    expect(await templates.find(name, { listId: 'bee.example.com', domain: 'example.com' })).toBe('domain');
    expect(await templates.find(name, { listId: 'bee.example.net', domain: 'example.net' })).toBe('site');
    expect(await templates.find('list:user:notice:refuse', ant)).toBeUndefined();
  });

  it('keeps an empty text: it says that nothing shall stand there', async () => {
    const { templates } = store();
    await templates.set('cat.example.org', name, '');
    expect(await templates.find(name, { listId: 'cat.example.org', domain: 'example.org' })).toBe('');
  });

  it('replaces a text, removes it, and says whether there was one', async () => {
    const { templates } = store();
    await templates.set('dog.example.com', name, 'old');
    await templates.set('dog.example.com', name, 'new');
    expect(await all(templates.ls('dog.example.com'))).toEqual([{ name, text: 'new' }]);
    expect(await templates.remove('dog.example.com', name)).toBe(true);
    expect(await templates.remove('dog.example.com', name)).toBe(false);
    expect(await all(templates.ls('dog.example.com'))).toEqual([]);
  });

  it('lists the texts of one place alone, sorted by name', async () => {
    const { templates } = store();
    for (const one of ['list:user:notice:welcome', 'list:member:regular:footer']) {
      await templates.set('elk.example.com', one, one);
    }
    await templates.set('@elk.example.com', name, 'another');
    expect((await all(templates.ls('elk.example.com'))).map((template) => template.name)).toEqual([
      'list:member:regular:footer',
      'list:user:notice:welcome',
    ]);
  });
};
