import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chunksOfRoster, writeRoster } from '../../lib/delivery/roster.ts';
import { findRecipient } from '../../lib/posts/find-recipient.ts';

/** The rosters of a post, whose reads are counted. */
const rosters = (emails: readonly string[], size: number, gone: readonly number[] = []) => {
  const chunks = chunksOfRoster(
    emails.map((email) => ({ email })),
    size,
  );
  let reads = 0;
  return {
    chunks,
    reads: () => reads,
    find: (email: string) =>
      findRecipient('post', { attempt: 'a', chunks: chunks.length }, email, {
        get: async (key) => {
          reads += 1;
          const chunk = Number(key.split('/').at(-1));
          const entries = chunks[chunk];
          return entries === undefined || gone.includes(chunk) ? undefined : writeRoster(entries);
        },
      }),
  };
};

const domains = ['example.org', 'Example.NET', 'mail.example.org', 'a.example'];
const many = Array.from({ length: 600 }, (_, n) => `${n % 3 === 0 ? 'M' : 'm'}ember${n}@${domains[n % 4]}`);

it('finds each of the recipients of 300 chunks, whatever the letter case, with 9 reads at most', async () => {
  for (const email of many) {
    for (const written of [email, email.toUpperCase()]) {
      const { chunks, reads, find } = rosters(many, 2);
      expect(chunks).toHaveLength(300);
      const found = await find(written);
      if (found.kind !== 'found') throw new Error(`${written} was not found`);
      expect(chunks[found.chunk]?.[found.index]?.email).toBe(email);
      expect(reads()).toBeLessThanOrEqual(9);
    }
  }
});

it('finds nobody who is not there, with no more reads', async () => {
  for (const email of [
    'member0@example.com',
    'a@a.example',
    'zzz@zzz.example',
    'member1000@example.org',
    '',
  ]) {
    const { reads, find } = rosters(many, 2);
    expect(await find(email)).toEqual({ kind: 'no recipient' });
    expect(reads()).toBeLessThanOrEqual(9);
  }
  expect(await rosters([], 2).find('a@example.org')).toEqual({ kind: 'no recipient' });
});

it('says so when a roster on the way has expired', async () => {
  expect(await rosters(many, 2, [149]).find('member1@example.org')).toEqual({ kind: 'expired' });
});

it('finds exactly those who are on it, in rosters of any kind', async () => {
  const address = fc
    .tuple(fc.stringMatching(/^[A-Za-z0-9._+-]{1,4}$/), fc.constantFrom(...domains))
    .map(([local, domain]) => `${local}@${domain}`);
  const list = fc.uniqueArray(address, { selector: (email) => email.toLowerCase(), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(list, address, fc.integer({ min: 1, max: 5 }), async (emails, other, size) => {
      const { chunks, find } = rosters(emails, size);
      for (const email of [...emails, other]) {
        const found = await find(email);
        const there = emails.find((one) => one.toLowerCase() === email.toLowerCase());
        expect(found.kind === 'found' ? chunks[found.chunk]?.[found.index]?.email : undefined).toBe(there);
      }
    }),
  );
});
