import type { ContextOptions } from './context.ts';
import { person } from './context.ts';

/** One row of the table: a mail and what else there is, and whether the rule hits. */
export interface RuleCase {
  readonly rule: string;
  readonly says: string;
  readonly hit: boolean;
  readonly mail: string;
  readonly more?: ContextOptions;
  /** Metadata that the rule adds. */
  readonly adds?: Readonly<Record<string, unknown>>;
}

const anne = 'From: anne@example.org\r\nTo: ant@example.com\r\nSubject: Nests\r\n';
const text = (body: string, headers = ''): string => `${anne}${headers}\r\n${body}`;
const plain = text('Hello\r\n');
const both = 'From: anne@example.org\r\nReply-To: bart@example.org\r\nSubject: Nests\r\n\r\nHello\r\n';
const named = (rule: string, rows: readonly Omit<RuleCase, 'rule'>[]): readonly RuleCase[] =>
  rows.map((row) => ({ rule, ...row }));
const members = (...emails: readonly string[]) => new Map(emails.map((email) => person(email)));
const recipients = (count: number): string =>
  Array.from({ length: count }, (_, index) => `r${index}@example.net`).join(', ');

const policy = (p: 'none' | 'quarantine' | 'reject') => ({
  dmarc: { kind: 'policy', domain: 'example.org', foundAt: 'example.org', policy: p } as const,
});
const failed = { dmarc: { kind: 'failed', domain: 'example.org', why: 'ETIMEOUT' } as const };

/** Every rule with what it hits, what it misses, and where the edge lies (mailman-behaviour.md, section 6.2). */
export const ruleCases: readonly RuleCase[] = [
  ...named('dmarc-mitigation', [
    {
      says: 'a domain that rejects, on a list that does nothing',
      hit: false,
      mail: plain,
      more: { answers: policy('reject') },
    },
    {
      says: 'a domain that rejects, on a list that rejects',
      hit: true,
      mail: plain,
      more: { settings: { dmarc_mitigate_action: 'reject' }, answers: policy('reject') },
      adds: { dmarc: true, dmarc_action: 'reject' },
    },
    {
      says: 'a domain that quarantines, on a list that discards',
      hit: true,
      mail: plain,
      more: { settings: { dmarc_mitigate_action: 'discard' }, answers: policy('quarantine') },
      adds: { dmarc: true, dmarc_action: 'discard' },
    },
    {
      says: 'a domain that rejects, on a list that munges: a mark and a miss',
      hit: false,
      mail: plain,
      more: { settings: { dmarc_mitigate_action: 'munge_from' }, answers: policy('reject') },
      adds: { dmarc: true },
    },
    {
      says: 'a DNS that fails counts as one that forbids',
      hit: true,
      mail: plain,
      more: { settings: { dmarc_mitigate_action: 'reject' }, answers: failed },
    },
    {
      says: 'p=none',
      hit: false,
      mail: plain,
      more: { settings: { dmarc_mitigate_action: 'reject' }, answers: policy('none') },
    },
    {
      says: 'a mail without an author',
      hit: false,
      mail: 'Subject: x\r\n\r\n',
      more: { settings: { dmarc_mitigate_action: 'reject' } },
    },
  ]),
  ...named('no-senders', [
    { says: 'a From', hit: false, mail: plain },
    { says: 'nobody', hit: true, mail: 'Subject: x\r\n\r\n', adds: { moderation_sender: 'N/A' } },
    {
      says: 'only an envelope sender',
      hit: false,
      mail: 'Subject: x\r\n\r\n',
      more: { sender: 'a@example.org' },
    },
  ]),
  ...named('approved', [
    {
      says: 'the right password',
      hit: true,
      mail: plain,
      more: { settings: { moderator_password: 'x' }, answers: { approval: 'fits' } },
      adds: { has_approved: true },
    },
    {
      says: 'a wrong one',
      hit: false,
      mail: plain,
      more: { settings: { moderator_password: 'x' }, answers: { approval: 'wrong' } },
      adds: { has_approved: true },
    },
    {
      says: 'too many tries',
      hit: false,
      mail: plain,
      more: { settings: { moderator_password: 'x' }, answers: { approval: 'unchecked' } },
      adds: { has_approved: true },
    },
    { says: 'none', hit: false, mail: plain, more: { settings: { moderator_password: 'x' } } },
    { says: 'a list without password', hit: false, mail: text('', 'Approved: \r\n') },
  ]),
  ...named('emergency', [
    { says: 'an emergency', hit: true, mail: plain, more: { settings: { emergency: true } } },
    { says: 'none', hit: false, mail: plain },
    {
      says: 'an emergency, and a moderator has seen it',
      hit: false,
      mail: plain,
      more: { settings: { emergency: true }, metadata: { moderator_approved: true } },
    },
  ]),
  ...named('loop', [
    { says: 'its own header', hit: true, mail: text('', 'List-Post: <mailto:ant@example.com>\r\n') },
    { says: 'that of another list', hit: false, mail: text('', 'List-Post: <mailto:bee@example.com>\r\n') },
    { says: 'the bare address in any case', hit: true, mail: text('', 'LIST-POST: Ant@Example.com\r\n') },
  ]),
  ...named('banned-address', [
    {
      says: 'an address',
      hit: true,
      mail: plain,
      more: { answers: { bans: { list: ['anne@example.org'], site: [] } } },
      adds: { moderation_sender: 'anne@example.org' },
    },
    {
      says: 'an address of the site',
      hit: true,
      mail: plain,
      more: { answers: { bans: { list: [], site: ['anne@example.org'] } } },
    },
    {
      says: 'a pattern, matched at the start in any case',
      hit: true,
      mail: plain,
      more: { answers: { bans: { list: ['^ANNE@'], site: [] } } },
    },
    {
      says: 'the second sender',
      hit: true,
      mail: both,
      more: { answers: { bans: { list: ['^bart@'], site: [] } } },
      adds: { moderation_sender: 'bart@example.org' },
    },
    {
      says: 'somebody else',
      hit: false,
      mail: plain,
      more: { answers: { bans: { list: ['^nne@', 'ann@example.org'], site: [] } } },
    },
  ]),
  ...named('posts-not-allowed', [
    { says: 'a list that takes posts', hit: false, mail: plain },
    {
      says: 'a list that takes none',
      hit: true,
      mail: plain,
      more: { settings: { allow_list_posts: false } },
    },
    {
      says: 'a list that takes none, and its owner',
      hit: false,
      mail: plain,
      more: { settings: { allow_list_posts: false }, answers: { owners: members('anne@example.org') } },
    },
  ]),
  ...named('too-large-for-ses', [
    {
      says: 'what SES carries',
      hit: false,
      mail: plain,
      more: { size: 10_223_616, site: { delivery: { transport: 'ses' } } },
    },
    {
      says: 'what SES does not carry',
      hit: true,
      mail: plain,
      more: { size: 10_223_617, site: { delivery: { transport: 'ses' } } },
    },
    { says: 'any size where a relay delivers', hit: false, mail: plain, more: { size: 30_000_000 } },
  ]),
  ...named('member-moderation', [
    {
      says: 'a member',
      hit: false,
      mail: plain,
      more: { answers: { members: members('anne@example.org') } },
    },
    {
      says: 'nobody who is a member',
      hit: false,
      mail: plain,
      more: { settings: { default_member_action: 'hold' } },
    },
    {
      says: 'a member whose posts are held, by the address that is the member and not the last one',
      hit: true,
      mail: both,
      more: { answers: { members: new Map([person('anne@example.org', { moderation_action: 'hold' })]) } },
      adds: { member_moderation_action: 'hold', moderation_sender: 'anne@example.org' },
    },
    {
      says: 'the action of the list',
      hit: true,
      mail: plain,
      more: {
        settings: { default_member_action: 'reject' },
        answers: { members: members('anne@example.org') },
      },
      adds: { member_moderation_action: 'reject' },
    },
    {
      says: 'a member with defer, whatever the list says',
      hit: false,
      mail: plain,
      more: {
        settings: { default_member_action: 'reject' },
        answers: { members: new Map([person('anne@example.org', { moderation_action: 'defer' })]) },
      },
    },
    {
      says: 'a banned member',
      hit: false,
      mail: plain,
      more: {
        settings: { default_member_action: 'hold' },
        answers: { members: members('anne@example.org'), bans: { list: ['anne@example.org'], site: [] } },
      },
    },
  ]),
  ...named('nonmember-moderation', [
    {
      says: 'a stranger, who is then known',
      hit: true,
      mail: plain,
      adds: {
        member_moderation_action: 'hold',
        moderation_sender: 'anne@example.org',
        new_nonmembers: ['anne@example.org'],
      },
    },
    {
      says: 'a member',
      hit: false,
      mail: plain,
      more: { answers: { members: members('anne@example.org') } },
    },
    {
      says: 'a second sender who is a member',
      hit: false,
      mail: both,
      more: { answers: { members: members('bart@example.org') } },
    },
    {
      says: 'a list that lets strangers pass to the other rules',
      hit: false,
      mail: plain,
      more: { settings: { default_nonmember_action: 'defer' } },
    },
    {
      says: 'a nonmember with an action',
      hit: true,
      mail: plain,
      more: {
        answers: {
          nonmembers: new Map([
            person('anne@example.org', { role: 'nonmember', moderation_action: 'discard' }),
          ]),
        },
      },
      adds: { member_moderation_action: 'discard' },
    },
    {
      says: 'a nonmember with defer',
      hit: false,
      mail: plain,
      more: {
        answers: {
          nonmembers: new Map([
            person('anne@example.org', { role: 'nonmember', moderation_action: 'defer' }),
          ]),
        },
      },
    },
    {
      says: 'a named address',
      hit: false,
      mail: plain,
      more: { settings: { accept_these_nonmembers: ['Anne@example.org'] } },
    },
    {
      says: 'a pattern, which sees letter case',
      hit: true,
      mail: plain,
      more: { settings: { accept_these_nonmembers: ['^ANNE@'] } },
      adds: { member_moderation_action: 'hold' },
    },
    {
      says: 'accept before reject',
      hit: false,
      mail: plain,
      more: { settings: { accept_these_nonmembers: ['^anne@'], reject_these_nonmembers: ['^anne@'] } },
    },
    {
      says: 'reject',
      hit: true,
      mail: plain,
      more: { settings: { reject_these_nonmembers: ['^.*@example\\.org$'] } },
      adds: { member_moderation_action: 'reject' },
    },
    {
      says: 'an article of the newsgroup',
      hit: false,
      mail: plain,
      more: { metadata: { fromusenet: true } },
    },
    { says: 'nobody', hit: true, mail: 'Subject: x\r\n\r\n', adds: { moderation_sender: 'N/A' } },
    {
      says: 'somebody who is banned',
      hit: false,
      mail: plain,
      more: { answers: { bans: { list: [], site: ['^'] } } },
    },
    {
      says: 'the posting address, which becomes no nonmember',
      hit: true,
      mail: 'From: ant@example.com\r\n\r\n',
      adds: { new_nonmembers: undefined },
    },
  ]),
  ...named('administrivia', [
    { says: 'an ordinary text', hit: false, mail: plain },
    { says: 'a subject', hit: true, mail: 'Subject: Unsubscribe\r\n\r\n' },
    { says: 'a line', hit: true, mail: text('\r\nunsubscribe\r\n') },
    { says: 'a line with a fitting number of words', hit: true, mail: text('subscribe one two three\r\n') },
    { says: 'a line with too many words', hit: false, mail: text('subscribe one two three four\r\n') },
    { says: 'a line with too few words', hit: false, mail: text('confirm\r\n') },
    { says: 'the tenth line', hit: true, mail: text(`${'a line\r\n'.repeat(9)}help\r\n`) },
    { says: 'the eleventh line', hit: false, mail: text(`${'a line\r\n'.repeat(10)}help\r\n`) },
    { says: 'an encoded subject', hit: true, mail: 'Subject: =?utf-8?b?dW5zdWJzY3JpYmU=?=\r\n\r\n' },
    {
      says: 'a text in base64',
      hit: true,
      mail: text('dW5zdWJzY3JpYmUK', 'Content-Transfer-Encoding: base64\r\n'),
    },
    {
      says: 'the first text part of several',
      hit: true,
      mail: text(
        '--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n--b\r\n\r\nwho\r\n--b--\r\n',
        'Content-Type: multipart/mixed; boundary=b\r\n',
      ),
    },
    {
      says: 'a list that does not look',
      hit: false,
      mail: 'Subject: help\r\n\r\n',
      more: { settings: { administrivia: false } },
    },
  ]),
  ...named('implicit-dest', [
    { says: 'the list in To', hit: false, mail: plain },
    { says: 'the list in Cc, in any case', hit: false, mail: 'Cc: "x" <ANT@example.com>\r\n\r\n' },
    { says: 'the list in Resent-To', hit: false, mail: 'Resent-To: ant@example.com\r\n\r\n' },
    { says: 'somebody else', hit: true, mail: 'To: bee@example.com\r\n\r\n' },
    {
      says: 'an alias',
      hit: false,
      mail: 'To: Ants@example.com\r\n\r\n',
      more: { settings: { acceptable_aliases: ['ants@example.com'] } },
    },
    {
      says: 'a pattern',
      hit: false,
      mail: 'To: ants99@example.com\r\n\r\n',
      more: { settings: { acceptable_aliases: ['^ANTS\\d+@'] } },
    },
    {
      says: 'a pattern in the middle',
      hit: true,
      mail: 'To: xants@example.com\r\n\r\n',
      more: { settings: { acceptable_aliases: ['^ants'] } },
    },
    {
      says: 'a list that need not be named',
      hit: false,
      mail: '\r\n',
      more: { settings: { require_explicit_destination: false } },
    },
    {
      says: 'an article of the newsgroup',
      hit: false,
      mail: '\r\n',
      more: { metadata: { fromusenet: true } },
    },
  ]),
  ...named('max-recipients', [
    { says: 'at the limit', hit: false, mail: `To: ${recipients(6)}\r\nCc: ${recipients(4)}\r\n\r\n` },
    { says: 'above the limit', hit: true, mail: `To: ${recipients(6)}\r\nCc: ${recipients(5)}\r\n\r\n` },
    {
      says: 'no limit',
      hit: false,
      mail: `To: ${recipients(50)}\r\n\r\n`,
      more: { settings: { max_num_recipients: 0 } },
    },
  ]),
  ...named('max-size', [
    { says: 'at the limit', hit: false, mail: plain, more: { size: 40 * 1024 } },
    { says: 'above the limit', hit: true, mail: plain, more: { size: 40 * 1024 + 1 } },
    { says: 'no limit', hit: false, mail: plain, more: { size: 1e9, settings: { max_message_size: 0 } } },
  ]),
  ...named('news-moderation', [
    {
      says: 'a moderated newsgroup',
      hit: true,
      mail: plain,
      more: { settings: { newsgroup_moderation: 'moderated' } },
    },
    { says: 'none', hit: false, mail: plain },
    {
      says: 'a moderated one with an open list',
      hit: false,
      mail: plain,
      more: { settings: { newsgroup_moderation: 'open_moderated' } },
    },
  ]),
  ...named('no-subject', [
    { says: 'a subject', hit: false, mail: plain },
    { says: 'none', hit: true, mail: 'From: a@example.org\r\n\r\n' },
    { says: 'a blank one in an encoded word', hit: true, mail: 'Subject: =?utf-8?q?_?=\r\n\r\n' },
  ]),
  ...named('digests', [
    {
      says: 'the subject of a digest, on a site that does not care',
      hit: false,
      mail: 'Subject: Re: Ant Digest, Vol 1, Issue 2\r\n\r\n',
    },
    {
      says: 'the subject of a digest',
      hit: true,
      mail: 'Subject: Re: Ant Digest, Vol 1, Issue 2\r\n\r\n',
      more: { site: { mailman: { hold_digest: true } } },
    },
    {
      says: 'a subject that goes on',
      hit: false,
      mail: 'Subject: Ant Digest, Vol 1, Issue 2 (was: nests)\r\n\r\n',
      more: { site: { mailman: { hold_digest: true } } },
    },
    {
      says: 'four lines of the masthead, quoted',
      hit: true,
      mail: text(
        '> To write to everybody on the list:\r\n>     ant@example.com\r\n> To reach the people who look after the list:\r\n>     ant-owner@example.com\r\n',
      ),
      more: { site: { mailman: { hold_digest: true } } },
    },
    {
      says: 'three lines of it, one of them twice',
      hit: false,
      mail: text(
        '> To write to everybody on the list:\r\n>     ant@example.com\r\n>     ant@example.com\r\n>     ant-owner@example.com\r\n',
      ),
      more: { site: { mailman: { hold_digest: true } } },
    },
  ]),
  ...named('suspicious-header', [
    { says: 'nothing', hit: false, mail: plain },
    { says: 'a line of the setting, in any case', hit: true, mail: 'From: x@UPLINKPRO.com\r\n\r\n' },
    {
      says: 'an encoded value',
      hit: true,
      mail: 'X-Ad: =?utf-8?b?YnV5IG5vdw==?=\r\n\r\n',
      more: { settings: { bounce_matching_headers: '# comment\nx-ad: buy' } },
    },
    {
      says: 'the text in another header',
      hit: false,
      mail: 'X-Note: buy\r\n\r\n',
      more: { settings: { bounce_matching_headers: 'x-ad: buy' } },
    },
  ]),
  ...named('any', [
    { says: 'a hit before', hit: true, mail: plain, more: { hits: ['no-subject'] } },
    { says: 'none', hit: false, mail: plain },
  ]),
  ...named('truth', [{ says: 'everything', hit: true, mail: '' }]),
  ...named('owner-loop', [
    { says: 'its own mark', hit: true, mail: 'X-BeenThere: ant-owner@example.com\r\n\r\n' },
    { says: 'that of another list', hit: false, mail: 'X-BeenThere: bee-owner@example.com\r\n\r\n' },
  ]),
];
