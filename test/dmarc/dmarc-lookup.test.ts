import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/clock/clock.ts';
import { dmarcLookup } from '../../lib/dmarc/dmarc-lookup.ts';
import { organizationalDomain } from '../../lib/dmarc/organizational-domain.ts';
import { nodeResolver } from '../../lib/dmarc/txt-resolver.ts';
import { type DnsAnswer, type DnsServer, startDns } from '../harness/dns.ts';

let dns: DnsServer;
beforeAll(async () => {
  dns = await startDns();
});
afterAll(() => dns.close());

const lookup = (clock = systemClock) =>
  dmarcLookup({
    resolver: nodeResolver({ servers: [dns.address], timeout: 0.1 }),
    clock,
    lifetime: 0.3,
  });

describe('the policy of an author’s domain', () => {
  it.each<[string, string, Readonly<Record<string, DnsAnswer>>, object]>([
    [
      'its own',
      'example.org',
      { '_dmarc.example.org': ['v=DMARC1; p=reject'] },
      { kind: 'policy', policy: 'reject', foundAt: 'example.org' },
    ],
    [
      'in any case and spacing',
      'Example.ORG',
      { '_dmarc.example.org': ['v=DMARC1;P = Quarantine ;'] },
      { kind: 'policy', policy: 'quarantine' },
    ],
    [
      'in pieces',
      'example.org',
      { '_dmarc.example.org': [`v=DMARC1; rua=mailto:${'x'.repeat(300)}@example.org; p=reject`] },
      { policy: 'reject' },
    ],
    [
      'beside other texts',
      'example.org',
      { '_dmarc.example.org': ['hello', 'v=DMARC1; p=reject'] },
      { policy: 'reject' },
    ],
    [
      'twice: none',
      'example.org',
      { '_dmarc.example.org': ['v=DMARC1; p=reject', 'v=DMARC1; p=reject'] },
      { kind: 'none' },
    ],
    [
      'of the organization above',
      'a.b.example.co.uk',
      { '_dmarc.example.co.uk': ['v=DMARC1; p=reject'] },
      { policy: 'reject', foundAt: 'example.co.uk' },
    ],
    [
      'of the organization for those below it',
      'a.example.org',
      { '_dmarc.example.org': ['v=DMARC1; p=reject; sp=none'] },
      { kind: 'policy', policy: 'none' },
    ],
    [
      'its own, without sp',
      'example.org',
      { '_dmarc.example.org': ['v=DMARC1; p=none; sp=reject'] },
      { policy: 'none' },
    ],
    [
      'its own before that above',
      'a.example.org',
      { '_dmarc.a.example.org': ['v=DMARC1; p=none'], '_dmarc.example.org': ['v=DMARC1; p=reject'] },
      { policy: 'none' },
    ],
    ['none at all', 'example.org', {}, { kind: 'none' }],
    ['an empty answer', 'example.org', { '_dmarc.example.org': [] }, { kind: 'none' }],
    [
      'another kind of record',
      'example.org',
      { '_dmarc.example.org': ['v=DMARC10; p=reject'] },
      { kind: 'none' },
    ],
    [
      'a policy that nobody knows',
      'example.org',
      { '_dmarc.example.org': ['v=DMARC1; p=maybe'] },
      { kind: 'policy', policy: 'none' },
    ],
    [
      'a server that fails',
      'example.org',
      { '_dmarc.example.org': 'servfail' },
      { kind: 'failed', why: 'ESERVFAIL' },
    ],
    ['a server that is silent', 'example.org', { '_dmarc.example.org': 'silence' }, { kind: 'failed' }],
    [
      'a server that fails for the organization',
      'a.example.org',
      { '_dmarc.example.org': 'servfail' },
      { kind: 'failed' },
    ],
  ])('%s', async (_, domain, answers, expected) => {
    dns.says(answers);
    expect(await lookup()(domain)).toMatchObject(expected);
  });

  it('is asked once for many posts, and again when an hour has passed', async () => {
    dns.says({ '_dmarc.example.org': ['v=DMARC1; p=reject'] });
    let now = new Date('2026-01-01T00:00:00Z');
    const ask = lookup({ now: () => now });
    await Promise.all([ask('example.org'), ask('EXAMPLE.org')]);
    await ask('example.org');
    expect(dns.asked).toEqual(['_dmarc.example.org']);
    now = new Date('2026-01-01T01:00:01Z');
    await ask('example.org');
    expect(dns.asked).toHaveLength(2);
  });

  it('that could not be found is looked for again after a minute', async () => {
    dns.says({ '_dmarc.example.org': 'servfail' });
    let now = new Date('2026-01-01T00:00:00Z');
    const ask = lookup({ now: () => now });
    expect((await ask('example.org')).kind).toBe('failed');
    dns.says({ '_dmarc.example.org': ['v=DMARC1; p=reject'] });
    expect((await ask('example.org')).kind).toBe('failed');
    now = new Date('2026-01-01T00:01:01Z');
    expect(await ask('example.org')).toMatchObject({ kind: 'policy' });
  });

  it('fails in words and not by an exception when there is no server', async () => {
    const resolver = nodeResolver({ servers: ['no address'], timeout: 0.1 });
    const ask = dmarcLookup({ resolver, clock: systemClock, lifetime: 0.1 });
    expect(await ask('example.org')).toMatchObject({ kind: 'failed' });
  });
});

it.each([
  ['a.b.example.com', 'example.com'],
  ['example.co.uk', 'example.co.uk'],
  // The part of the list that companies added counts too.
  ['a.customer.github.io', 'customer.github.io'],
  ['co.uk', undefined],
  ['com', undefined],
])('the organization of %s is %s', async (domain, organization) => {
  expect(await organizationalDomain(domain)).toBe(organization);
});
