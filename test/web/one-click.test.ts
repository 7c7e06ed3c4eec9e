import { expect, it } from 'vitest';
import { copiesOf } from '../../lib/delivery/copies/copies.ts';
import type { RosterEntry } from '../../lib/delivery/roster.ts';
import { linksFor } from '../../lib/web/links.ts';

const key = Buffer.alloc(32, 7);
const clock = { now: () => new Date('2026-11-21T12:00:00.000Z') };
const links = linksFor({ url: 'https://lists.example.com', key, clock });

const own = 'List-Unsubscribe: <mailto:ant-leave@example.com>\r\n';

const postWith = (header: string): Buffer =>
  Buffer.from(`From: anne@example.org\r\n${header}Subject: Hello\r\n\r\nHello.\r\n`);

const copyOf = (
  header: string,
  {
    entry = { email: 'bart@example.org', member: 'bart-is-it' },
    voice = 'post',
    without = false,
  }: { readonly entry?: RosterEntry; readonly voice?: 'post' | 'owner'; readonly without?: boolean } = {},
): string => {
  const list = { address: 'ant@example.com', name: 'Ant' };
  const copy = copiesOf({
    post: postWith(header),
    message: {
      v: 1,
      type: 'chunk',
      queue: 'out',
      id: 'post-1',
      listid: 'ant.example.com',
      roster: 'roster-1',
      chunk: 0,
      attempt: 0,
      sender: 'ant-bounces@example.com',
      plan: { personalize: 'individual', verp: false, decorate: true, voice, list },
    },
    links: without ? undefined : links,
  });
  return copy(entry).toString();
};

const unfold = (copy: string): string => copy.replace(/\r\n[ \t]+/g, ' ');

it("a member's own copy has the link before the address, and says that it takes a POST", () => {
  const copy = unfold(copyOf(own));
  const [, link = ''] =
    /^List-Unsubscribe: <(https:\/\/lists\.example\.com\/leave\/[\w-]+\.[\w-]+)>, <mailto:ant-leave@example\.com>\r$/m.exec(
      copy,
    ) ?? [];
  expect(copy.match(/^List-Unsubscribe:/gm)).toHaveLength(1);
  expect(copy).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  // A mail that is sent again on the same day has the same bytes.
  expect(link).toBe(
    links?.leave({ list_id: 'ant.example.com', member_id: 'bart-is-it', email: 'bart@example.org' }),
  );
});

it('no line of it is longer than a mail may have', () => {
  const long = { email: `${'b'.repeat(64)}@${'e'.repeat(60)}.example.org`, member: 'm'.repeat(36) };
  for (const line of copyOf(own, { entry: long }).split('\r\n')) expect(line.length).toBeLessThan(998);
});

it.each([
  ['the list puts no such header', '', {}],
  [
    "the author's mail brought that of another list",
    'List-Unsubscribe: <mailto:bee-leave@example.com>\r\n',
    {},
  ],
  ['the site has no web pages', own, { without: true }],
  ['who gets it is no member', own, { entry: { email: 'bart@example.org' } }],
  ['it is mail to the owners', own, { voice: 'owner' as const }],
])('a copy stays as it is when %s', (_, header, over) => {
  expect(copyOf(header, over)).toBe(postWith(header).toString());
});
