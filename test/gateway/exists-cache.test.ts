import { describe, expect, it } from 'vitest';
import { existsCache } from '../../lmtp-gateway/exists-cache.ts';

describe('what the gateway remembers of lists', () => {
  it('is that one exists, for as long as the site says, and never that one is unknown', async () => {
    let now = new Date('2026-01-01T00:00:00Z');
    const asked: string[] = [];
    const lists = new Set(['ant@example.com']);
    const cache = existsCache(
      {
        resolve: async (domain) => domain,
        find: async (fqdn) => {
          asked.push(fqdn);
          return lists.has(fqdn) ? { list_id: 'x', list_name: 'x', mail_host: 'x' } : undefined;
        },
      },
      5,
      { now: () => now },
    );
    const known = async (fqdn: string): Promise<boolean> => (await cache.find(fqdn)) !== undefined;

    expect([await known('ant@example.com'), await known('ant@example.com')]).toEqual([true, true]);
    expect([await known('bee@example.com'), await known('bee@example.com')]).toEqual([false, false]);
    expect(asked).toEqual(['ant@example.com', 'bee@example.com', 'bee@example.com']);

    lists.delete('ant@example.com');
    lists.add('bee@example.com');
    now = new Date('2026-01-01T00:00:04.999Z');
    expect([await known('ant@example.com'), await known('bee@example.com')]).toEqual([true, true]);
    now = new Date('2026-01-01T00:00:05Z');
    expect(await known('ant@example.com')).toBe(false);
  });
});
