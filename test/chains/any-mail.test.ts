import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startChains } from '../../lib/chains/chain-names.ts';
import { chainTableFor, postingChainOf } from '../../lib/chains/chains.ts';
import { runChain } from '../../lib/chains/run-chain.ts';
import { moderationActions } from '../../lib/members/member.ts';
import { type ContextOptions, contextOf, person } from '../rules/context.ts';

const ends = ['accepted', 'held', 'rejected', 'discarded'];

const header = fc.constantFrom(
  'From',
  'To',
  'Cc',
  'Subject',
  'Reply-To',
  'Sender',
  'List-Post',
  'Approved',
  'Content-Type',
  'Content-Transfer-Encoding',
  'X-Spam',
);
const value = fc.oneof(
  fc.constantFrom(
    'anne@example.org',
    'ant@example.com',
    'multipart/mixed; boundary=b',
    '<mailto:ant@example.com>',
    'base64',
    '=?utf-8?b?4oKs?= <anne@example.org>',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const body = fc.oneof(
  fc.constantFrom('unsubscribe', '--b\r\n\r\nhelp\r\n--b--', 'Approved: sesame', ''),
  fc.string({ unit: 'binary', maxLength: 100 }),
);
const mails = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.array(fc.tuple(header, value), { maxLength: 10 }), body)
    .map(([fields, text]) =>
      Buffer.from(`${fields.map(([name, one]) => `${name}: ${one}\r\n`).join('')}\r\n${text}`),
    ),
);

// Expressions at which an engine that goes back would never end.
const hostile = '^(a+)+$';

const worlds: fc.Arbitrary<ContextOptions> = fc
  .record({
    posting_chain: fc.constantFrom(...startChains),
    default_member_action: fc.constantFrom(...moderationActions),
    default_nonmember_action: fc.constantFrom(...moderationActions),
    emergency: fc.boolean(),
    allow_list_posts: fc.boolean(),
    dmarc_mitigate_action: fc.constantFrom('no_mitigation', 'munge_from', 'reject', 'discard'),
    action: fc.constantFrom(...moderationActions, null),
    chain_order: fc.constantFrom('3.3.8', '3.3.10'),
    isMember: fc.boolean(),
    isBanned: fc.boolean(),
  })
  .map(({ action, chain_order, isMember, isBanned, ...settings }) => ({
    settings: {
      ...settings,
      header_matches: [{ header: 'x-spam', pattern: hostile, action }],
      bounce_matching_headers: `subject: ${hostile}`,
      acceptable_aliases: [hostile],
      accept_these_nonmembers: [hostile],
    },
    site: { mailman: { chain_order, hold_digest: true }, antispam: { header_checks: `x-spam: ${hostile}` } },
    answers: {
      members: new Map(isMember ? [person('anne@example.org')] : []),
      bans: { list: isBanned ? ['anne@example.org', hostile] : [hostile], site: [] },
      dmarc: { kind: 'failed', domain: 'example.org', why: 'ETIMEOUT' },
    },
  }));

it('any bytes, on any list, end in exactly one of accepted, held, rejected and discarded', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(mails, worlds, fc.constantFrom('', 'anne@example.org', 'x'), (mail, world, sender) => {
      const context = contextOf(mail, { ...world, sender });
      const table = chainTableFor(context.list, context.site);
      const { disposition, hits, misses, steps } = runChain(
        table,
        postingChainOf(context.list, context.site),
        context,
      );
      expect(ends).toContain(disposition);
      seen.add(disposition);
      // Each rule that is recorded is told once, as a hit or as a miss.
      expect(hits.length + misses.length).toBe(steps.filter(({ recorded }) => recorded).length);
      expect(new Set([...hits, ...misses]).size).toBe(hits.length + misses.length);
    }),
    { numRuns: 2000 },
  );
  expect([...seen].sort()).toEqual([...ends].sort());
});
