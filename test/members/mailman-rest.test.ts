import { expect, it } from 'vitest';
import { readMailmanRest } from '../../lib/imports/mailman-rest.ts';

/** A member as Mailman's REST API tells it (mailman-rest.md, section 2). */
const member = (email: string, over: Readonly<Record<string, unknown>> = {}) => ({
  address: `http://localhost:8001/3.1/addresses/${email}`,
  bounce_score: 0,
  total_warnings_sent: 0,
  delivery_mode: 'regular',
  display_name: '',
  email,
  http_etag: '"0123"',
  list_id: 'ant.example.com',
  member_id: '0123456789abcdef0123456789abcdef',
  role: 'member',
  self_link: 'http://localhost:8001/3.1/members/0123456789abcdef0123456789abcdef',
  subscription_mode: 'as_address',
  user: 'http://localhost:8001/3.1/users/0123456789abcdef0123456789abcdef',
  ...over,
});

const page = (...entries: readonly unknown[]) => ({
  start: 0,
  total_size: entries.length,
  http_etag: '"0123"',
  // Mailman leaves them out when there are none.
  ...(entries.length > 0 ? { entries } : {}),
});

const wanted = (text: string) =>
  readMailmanRest(text).wishes.map((wish) => (wish.kind === 'wanted' ? wish.wanted : wish));

it('keeps name, role, delivery and moderation', () => {
  const anne = member('Anne@Example.org', {
    display_name: 'Anne Person',
    delivery_mode: 'plaintext_digests',
    delivery_status: 'by_user',
    moderation_action: 'hold',
  });
  const owner = member('o@example.org', { role: 'owner', moderation_action: 'accept' });
  expect(wanted(JSON.stringify(page(anne, owner)))).toEqual([
    {
      line: 1,
      role: 'member',
      email: 'Anne@Example.org',
      display_name: 'Anne Person',
      said: { delivery_mode: 'plaintext_digests', delivery_status: 'by_user', moderation_action: 'hold' },
    },
    {
      line: 2,
      role: 'owner',
      email: 'o@example.org',
      display_name: '',
      said: { delivery_mode: 'regular', moderation_action: 'accept' },
    },
  ]);
});

const [a, b, c] = ['a', 'b', 'c'].map((name) => member(`${name}@example.org`, { display_name: '} "{' }));
it.each([
  ['pages one behind the other', JSON.stringify(page(a, b)) + JSON.stringify(page(c))],
  [
    'pages in lines',
    `${JSON.stringify(page(a))}\n${JSON.stringify(page(b, c))}\n${JSON.stringify(page())}\n`,
  ],
  [
    'pages made readable',
    `${JSON.stringify(page(a, b), null, 4)}\r\n\r\n${JSON.stringify(page(c), null, 4)}`,
  ],
  ['a list of pages', JSON.stringify([page(a), page(), page(b, c)])],
  ['the bare members', JSON.stringify([a, b, c])],
  ['a member in each line', [a, b, c].map((one) => JSON.stringify(one)).join('\n')],
])('reads %s', (_, text) => {
  expect(wanted(text)).toMatchObject([
    { line: 1, email: 'a@example.org' },
    { line: 2, email: 'b@example.org' },
    { line: 3, email: 'c@example.org' },
  ]);
});

it.each([
  [{ delivery_mode: 'pigeon' }, 'Belfry does not know what "pigeon" means as delivery_mode of a@example.org'],
  [{ delivery_status: 7 }, 'Belfry does not know what 7 means as delivery_status of a@example.org'],
  [{ role: 'guru' }, 'Belfry does not know what "guru" means as role of a@example.org'],
  [{ email: 'nobody' }, '"nobody" is not an e-mail address'],
  [{ email: 3 }, 'this is no member of Mailman, which has an "email"'],
  [{ display_name: 'A\u0007' }, 'the name has control characters'],
])('reports %j by its number, and takes the others', (over, reason) => {
  const text = JSON.stringify(page(member('b@example.org'), member('a@example.org', over)));
  expect(wanted(text)).toMatchObject([{ email: 'b@example.org' }, { kind: 'invalid', line: 2, reason }]);
});

it('takes null for nothing said', () => {
  const text = JSON.stringify([member('a@example.org', { moderation_action: null, delivery_status: null })]);
  expect(wanted(text)).toMatchObject([{ said: { delivery_mode: 'regular' } }]);
});

it('tells what is not kept', () => {
  const text = JSON.stringify([member('a@example.org', { subscription_mode: 'as_user', shoe_size: 41 })]);
  expect(readMailmanRest(text).notKept).toEqual([
    'Bounce scores begin anew.',
    'Belfry does not know "shoe_size", and took nothing from it.',
    '1 were subscribed as users; they are subscribed by the address that the file names.',
  ]);
});

it.each([
  ['{"entries": [', 'What begins in line 1 is not JSON: it does not end'],
  ['{}\n\n<html>', 'Line 3 is not JSON'],
  ['[]\n[1,]', 'What begins in line 2 is not JSON'],
  [
    JSON.stringify([member('a@example.org'), member('a@example.org', { list_id: 'bee.example.com' })]),
    'The file has members of 2 lists (ant.example.com, bee.example.com); one list is imported at a time',
  ],
])('refuses %j', (text, sentence) => {
  expect(() => readMailmanRest(text)).toThrow(sentence);
});
