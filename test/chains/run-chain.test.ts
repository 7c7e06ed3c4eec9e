import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chain, Link } from '../../lib/chains/chain.ts';
import { buildChainTable } from '../../lib/chains/chain-table.ts';
import { runChain } from '../../lib/chains/run-chain.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { miss, type Rule } from '../../lib/rules/rule.ts';
import { contextOf } from '../rules/context.ts';

const rule = (name: string, hit: boolean, record = true): Rule => ({
  name,
  record,
  check: () => (hit ? { hit, ...(record ? { reason: `${name} hit` } : {}) } : miss),
});
const any: Rule = { name: 'any', record: false, check: ({ hits }) => ({ hit: hits.length > 0 }) };
const rules = [rule('yes', true), rule('also', true), rule('no', false), rule('truth', true, false), any];
const ends: readonly Chain[] = [
  { name: 'accept', disposition: 'accepted' },
  { name: 'discard', disposition: 'discarded' },
];
const accepted: Link = { rule: 'truth', action: 'jump', chain: 'accept' };
const table = (...chains: readonly Chain[]) => buildChainTable([...chains, ...ends], rules);
const run = (...chains: readonly Chain[]) => runChain(table(...chains), 'start', contextOf('\r\n'));
const start = (...links: readonly Link[]): Chain => ({ name: 'start', links });

describe('a chain', () => {
  it('goes from top to bottom, and tells hits, misses and reasons in their order', () => {
    const result = run(
      start({ rule: 'no', action: 'jump', chain: 'discard' }, { rule: 'yes', action: 'defer' }, accepted),
    );
    expect(result).toMatchObject({
      disposition: 'accepted',
      chain: 'accept',
      hits: ['yes'],
      misses: ['no'],
      reasons: ['yes hit'],
    });
  });

  it('jumps and does not come back', () => {
    const result = run(
      start({ rule: 'yes', action: 'jump', chain: 'other' }, { rule: 'also', action: 'defer' }, accepted),
      { name: 'other', links: [{ rule: 'truth', action: 'jump', chain: 'discard' }] },
    );
    expect(result).toMatchObject({ disposition: 'discarded', chain: 'discard', hits: ['yes'] });
  });

  it('detours and comes back, through more than one chain', () => {
    const result = run(
      start({ rule: 'truth', action: 'detour', chain: 'one' }, { rule: 'no', action: 'defer' }, accepted),
      {
        name: 'one',
        links: [
          { rule: 'truth', action: 'detour', chain: 'two' },
          { rule: 'also', action: 'defer' },
        ],
      },
      { name: 'two', links: [{ rule: 'yes', action: 'defer' }] },
    );
    expect(result).toMatchObject({ disposition: 'accepted', hits: ['yes', 'also'], misses: ['no'] });
  });

  it('lets a rule see what hit before it, as `any` does', () => {
    const hold: Link = { rule: 'any', action: 'jump', chain: 'discard' };
    expect(run(start({ rule: 'no', action: 'defer' }, hold, accepted)).disposition).toBe('accepted');
    expect(run(start({ rule: 'yes', action: 'defer' }, hold, accepted)).disposition).toBe('discarded');
  });

  it('stops where a link says so, and names itself', () => {
    const result = run(start({ rule: 'yes', action: 'stop' }, accepted));
    expect(result).toMatchObject({ disposition: 'discarded', chain: 'start' });
  });

  it('carries metadata from rules and from links that run to what comes after', () => {
    const noting: Rule = {
      name: 'noting',
      record: true,
      check: () => ({ hit: false, metadata: { dmarc: true } }),
    };
    const reading: Rule = {
      name: 'reading',
      record: true,
      check: ({ metadata }) => (metadata.seen === 'true' ? { hit: true, reason: 'seen' } : miss),
    };
    const chains: readonly Chain[] = [
      start(
        { rule: 'noting', action: 'defer' },
        { rule: 'truth', action: 'run', run: ({ metadata }) => ({ seen: String(metadata.dmarc) }) },
        { rule: 'reading', action: 'defer' },
        accepted,
      ),
      ...ends,
    ];
    const result = runChain(buildChainTable(chains, [...rules, noting, reading]), 'start', contextOf('\r\n'));
    expect(result.hits).toEqual(['reading']);
    expect(result.metadata).toMatchObject({ to_list: true, dmarc: true, seen: 'true' });
  });

  it('can be an end itself, when a list says so', () => {
    expect(runChain(table(), 'discard', contextOf('\r\n'))).toMatchObject({
      disposition: 'discarded',
      hits: [],
    });
  });

  it('that nobody knows is a matter for the shunt', () => {
    expect(() => runChain(table(), 'no-such-chain', contextOf('\r\n'))).toThrow(ShuntError);
  });
});

describe('the table of chains refuses', () => {
  const detourTo = (chain: string): Link => ({ rule: 'truth', action: 'detour', chain });
  it.each<[string, readonly Chain[], RegExp]>([
    ['an unknown rule', [start({ rule: 'maybe', action: 'defer' }, accepted)], /start.*unknown rule maybe/],
    [
      'an unknown chain',
      [start({ rule: 'truth', action: 'jump', chain: 'hold' })],
      /start.*unknown chain hold/,
    ],
    ['two chains of one name', [start(accepted), start(accepted)], /two chains named start/],
    ['a chain that goes to itself', [start(detourTo('start'), accepted)], /circle: start -> start/],
    [
      'a circle',
      [
        start(detourTo('a'), accepted),
        { name: 'a', links: [detourTo('b')] },
        { name: 'b', links: [detourTo('a')] },
      ],
      /circle: start -> a -> b -> a/,
    ],
    ['a chain without links', [start()], /start can end without a decision/],
    [
      'a last link that may miss',
      [start({ rule: 'yes', action: 'jump', chain: 'accept' })],
      /without a decision/,
    ],
    [
      'a chain that is jumped to and does not decide',
      [
        start({ rule: 'truth', action: 'jump', chain: 'a' }),
        { name: 'a', links: [{ rule: 'no', action: 'defer' }] },
      ],
      /a can end without a decision/,
    ],
  ])('%s', (_, chains, message) => {
    expect(() => table(...chains)).toThrow(message);
  });

  it('two rules of one name', () => {
    expect(() => buildChainTable(ends, [rule('yes', true), rule('yes', false)])).toThrow(
      /two rules named yes/,
    );
  });
});

describe('any table that is accepted', () => {
  it('brings every mail to an end', () => {
    const names = ['a', 'b', 'c', 'd'];
    const ruleName = fc.constantFrom('yes', 'also', 'no', 'truth', 'any');
    const chainName = fc.constantFrom(...names, 'accept', 'discard');
    const link: fc.Arbitrary<Link> = fc.oneof(
      fc.record({ rule: ruleName, action: fc.constant('jump' as const), chain: chainName }),
      fc.record({ rule: ruleName, action: fc.constant('detour' as const), chain: chainName }),
      fc.record({ rule: ruleName, action: fc.constantFrom('defer' as const, 'stop' as const) }),
    );
    const links = fc.array(link, { maxLength: 4 }).map((some) => [...some, accepted]);
    let ran = 0;
    fc.assert(
      fc.property(fc.tuple(links, links, links, links), (all) => {
        const chains = names.map((name, index): Chain => ({ name, links: all[index] ?? [] }));
        let built: ReturnType<typeof table>;
        try {
          built = table(...chains);
        } catch {
          return;
        }
        ran += 1;
        for (const name of names) {
          expect(['accepted', 'discarded']).toContain(runChain(built, name, contextOf('\r\n')).disposition);
        }
      }),
      { numRuns: 2000 },
    );
    expect(ran).toBeGreaterThan(100);
  });
});
