import { describe, expect, it } from 'vitest';
import { startChains } from '../../lib/chains/chain-names.ts';
import { chainTable, chainTableFor, postingChainOf, questionsOf } from '../../lib/chains/chains.ts';
import { runChain } from '../../lib/chains/run-chain.ts';
import { readSite } from '../../lib/config/site.ts';
import { listSettings } from '../../lib/lists/settings.ts';
import { antList, type ContextOptions, contextOf, person } from '../rules/context.ts';

const anne = new Map([person('anne@example.org')]);
const ordinary = 'From: anne@example.org\r\nTo: ant@example.com\r\nSubject: hello\r\n\r\nbody\r\n';

/** Sends a mail through the posting chain of a list that anne is a member of, unless it is said otherwise. */
const post = (mail: string, more: ContextOptions = {}) => {
  const context = contextOf(mail, { ...more, answers: { members: anne, ...more.answers } });
  return runChain(
    chainTableFor(context.list, context.site),
    postingChainOf(context.list, context.site),
    context,
  );
};
const ownerMail = (mail: string) => {
  const context = contextOf(mail);
  return runChain(chainTableFor(context.list, context.site), listSettings.owner_chain.fallback, context);
};

/** Mailman's order (mailman-behaviour.md, section 6.1): a contract, since filters read it. */
const order = [
  'dmarc-mitigation',
  'no-senders',
  'approved',
  'emergency',
  'loop',
  'banned-address',
  'member-moderation',
  'nonmember-moderation',
  'administrivia',
  'implicit-dest',
  'max-recipients',
  'max-size',
  'news-moderation',
  'no-subject',
  'digests',
  'suspicious-header',
];

describe('the posting chain', () => {
  it('accepts an ordinary post of a member, and asks every rule in the order of Mailman', () => {
    expect(post(ordinary)).toMatchObject({ disposition: 'accepted', hits: [], misses: order });
  });

  it('asks the rules in the order of Mailman 3.3.10 when the site wants that', () => {
    const site = { mailman: { chain_order: '3.3.10' }, antispam: { header_checks: 'x-spam: yes' } };
    expect(post(ordinary, { site }).misses.slice(0, 9)).toEqual([
      'dmarc-mitigation',
      'no-senders',
      'approved',
      'loop',
      'banned-address',
      'header-match-config-0',
      'emergency',
      'member-moderation',
      'nonmember-moderation',
    ]);
  });

  it('discards a post without sender, and looks no further', () => {
    expect(post('Subject: hello\r\n\r\n')).toMatchObject({
      disposition: 'discarded',
      hits: ['no-senders'],
      misses: ['dmarc-mitigation'],
    });
  });

  it('holds what deferred rules have hit, all of them told', () => {
    expect(post('From: anne@example.org\r\n\r\n', { size: 50_000 })).toMatchObject({
      disposition: 'held',
      chain: 'hold',
      hits: ['implicit-dest', 'max-size', 'no-subject'],
      metadata: {
        moderation_sender: 'anne@example.org',
        moderation_reasons: [
          expect.stringMatching(/To or Cc/),
          expect.stringMatching(/KB/),
          expect.stringMatching(/no subject/),
        ],
      },
    });
  });

  it('accepts with the password of the moderators even what is banned', () => {
    const answers = { approval: 'fits', bans: { list: ['anne@example.org'], site: [] } } as const;
    expect(post(ordinary, { settings: { moderator_password: 'x' }, answers })).toMatchObject({
      disposition: 'accepted',
      hits: ['approved'],
    });
  });

  it.each([
    ['hold', 'held'],
    ['reject', 'rejected'],
    ['discard', 'discarded'],
    ['accept', 'accepted'],
  ])('does %s with a member for whom that is set', (moderation_action, disposition) => {
    const members = new Map([
      person('anne@example.org', { moderation_action } as Parameters<typeof person>[1]),
    ]);
    expect(post(ordinary, { answers: { members } })).toMatchObject({
      disposition,
      hits: ['member-moderation'],
      misses: order.slice(0, 6),
    });
  });

  it('holds the post of a stranger', () => {
    expect(post(ordinary, { answers: { members: new Map() } })).toMatchObject({
      disposition: 'held',
      hits: ['nonmember-moderation'],
    });
  });

  it.each([
    ['reject', 'rejected', 'reject'],
    ['discard', 'discarded', 'discard'],
  ])('does %s with an author whose domain forbids it', (dmarc_mitigate_action, disposition, chain) => {
    const dmarc = {
      kind: 'policy',
      domain: 'example.org',
      foundAt: 'example.org',
      policy: 'reject',
    } as const;
    expect(post(ordinary, { settings: { dmarc_mitigate_action }, answers: { dmarc } })).toMatchObject({
      disposition,
      chain,
      hits: ['dmarc-mitigation'],
      misses: [],
    });
  });

  it('sends posts back that a list does not take, without a trace in hits and misses', () => {
    expect(post(ordinary, { settings: { allow_list_posts: false } })).toMatchObject({
      disposition: 'rejected',
      hits: [],
      misses: order.slice(0, 6),
      reasons: [expect.stringMatching(/announcements/)],
    });
  });
});

describe('header matches', () => {
  const spam = `X-Spam: YES, score 9\r\n${ordinary}`;
  const match = { header: 'X-Spam', pattern: '^yes' };

  it.each([
    [null, 'held'],
    ['discard', 'discarded'],
    ['reject', 'rejected'],
    ['accept', 'accepted'],
    ['defer', 'held'],
  ])('of the list do what they name: %s', (action, disposition) => {
    expect(post(spam, { settings: { header_matches: [{ ...match, action }] } })).toMatchObject({
      disposition,
      hits: ['header-match-ant.example.com-0'],
    });
  });

  it('are asked in their order, between member- and nonmember-moderation, until one hits', () => {
    const settings = { header_matches: [{ header: 'x-other', pattern: '.' }, match, match] };
    const result = post(spam, { settings });
    expect(result.misses).toEqual([...order.slice(0, 7), 'header-match-ant.example.com-0']);
    expect(result.hits).toEqual(['header-match-ant.example.com-1']);
  });

  it('of the site are all asked, and go where the site says', () => {
    const site = {
      antispam: { header_checks: '# spam\nX-Spam: yes\nX-Virus: .', jump_chain: 'discard' },
    };
    expect(post(spam, { site })).toMatchObject({
      disposition: 'discarded',
      hits: ['header-match-config-1'],
      misses: [...order.slice(0, 7), 'header-match-config-2'],
    });
  });

  it('find a header of a part', () => {
    const mail =
      'From: anne@example.org\r\nTo: ant@example.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary="b c"\r\n\r\n' +
      '--b c\r\n\r\ntext\r\n--b c\r\nContent-Type: application/x-msdownload\r\n\r\nMZ\r\n--b c--\r\n';
    const settings = {
      header_matches: [{ header: 'content-type', pattern: 'msdownload', action: 'reject' }],
    };
    expect(post(mail, { settings }).disposition).toBe('rejected');
  });
});

describe('the chain built-in', () => {
  it('accepts the fine post of a stranger with Mailman’s ten names', () => {
    const result = post(ordinary, {
      settings: { posting_chain: 'built-in' },
      answers: { members: new Map() },
    });
    expect(result).toMatchObject({
      disposition: 'accepted',
      hits: [],
      misses: [
        'approved',
        'emergency',
        'loop',
        'administrivia',
        'implicit-dest',
        'max-recipients',
        'max-size',
        'news-moderation',
        'no-subject',
        'suspicious-header',
      ],
    });
  });

  it('can be the default of the site, which a list with a chain of its own does not follow', () => {
    const site = readSite({ mailman: { default_posting_chain: 'built-in' } });
    expect(postingChainOf(antList(), site)).toBe('built-in');
    expect(postingChainOf(antList({ posting_chain: 'hold' }), site)).toBe('hold');
  });
});

describe('the owner chain', () => {
  it('accepts what a post would be discarded for', () => {
    expect(ownerMail('List-Post: <mailto:ant@example.com>\r\n\r\n').disposition).toBe('accepted');
  });

  it('discards owner mail that comes back', () => {
    expect(ownerMail('From: a@example.org\r\nX-BeenThere: ant-owner@example.com\r\n\r\n')).toMatchObject({
      disposition: 'discarded',
      hits: ['owner-loop'],
    });
  });
});

describe('the tables of chains', () => {
  it.each(['3.3.8', '3.3.10'] as const)('hold every chain that a setting can name: %s', (chain_order) => {
    const { chains } = chainTable(readSite({ mailman: { chain_order } }));
    expect(startChains.filter((name) => !chains.has(name))).toEqual([]);
    expect(chains.has(listSettings.owner_chain.fallback)).toBe(true);
  });

  it.each([
    ['default-posting-chain', ['approval', 'bans', 'dmarc', 'members', 'owners']],
    ['built-in', ['approval']],
    ['default-owner-chain', []],
    ['accept', []],
  ])('tell what the rules of %s need to know', (name, questions) => {
    expect([...questionsOf(chainTable(readSite()), name)].sort()).toEqual(questions);
  });
});
