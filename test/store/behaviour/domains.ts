import { expect, it } from 'vitest';
import type { Store } from '../../../lib/store/store.ts';
import { all } from './all.ts';

/** What the store promises of domains. */
export const domainsBehave = (store: () => Store): void => {
  it('knows a domain by its name and by its alias, and no other', async () => {
    const { domains } = store();
    await domains.put({
      mail_host: 'lists.example.net',
      alias_domain: 'old.example.net',
      description: 'Ours',
    });
    expect(await domains.resolve('lists.example.net')).toBe('lists.example.net');
    expect(await domains.resolve('old.example.net')).toBe('lists.example.net');
    expect(await domains.resolve('example.net')).toBeUndefined();
  });

  it('lets an alias win over a domain of the same name', async () => {
    const { domains } = store();
    await domains.put({ mail_host: 'both.example.net' });
    await domains.put({ mail_host: 'new.example.net', alias_domain: 'both.example.net' });
    expect(await domains.resolve('both.example.net')).toBe('new.example.net');
  });

  it('lists every domain once, with what is known of it', async () => {
    const { domains } = store();
    await domains.put({ mail_host: 'twice.example.net' });
    await domains.put({ mail_host: 'twice.example.net', description: 'Changed' });
    const found = (await all(domains.ls())).filter(({ mail_host }) => mail_host === 'twice.example.net');
    expect(found).toEqual([{ mail_host: 'twice.example.net', description: 'Changed' }]);
  });
};
