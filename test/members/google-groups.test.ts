import { expect, it } from 'vitest';
import { formatOf, readImport } from '../../lib/imports/read-import.ts';

const header =
  'Email address,Nickname,Group status,Email status,Email preference,Posting permissions,Join year,Join month,Join day,Join hour,Join minute,Join second,Time zone';

const read = (text: string) => readImport(text, 'google', { role: 'member', said: {} });

const one = async (row: string) => {
  const { wishes } = await read(`Members for group Ants\r\n${header}\r\n${row}\r\n`);
  return wishes.map((wish) =>
    wish.kind === 'wanted'
      ? [wish.wanted.role, wish.wanted.email, wish.wanted.display_name, wish.wanted.said]
      : [wish.line, wish.reason],
  );
};

it.each([
  [
    'a@example.org,Anne,member,,email,allowed',
    [['member', 'a@example.org', 'Anne', { delivery_mode: 'regular' }]],
  ],
  [
    'a@example.org,"Person, Anne",Member,,Digest,Moderated',
    [
      [
        'member',
        'a@example.org',
        'Person, Anne',
        { delivery_mode: 'mime_digests', moderation_action: 'hold' },
      ],
    ],
  ],
  [
    'a@example.org,,member,,abridged,',
    [['member', 'a@example.org', '', { delivery_mode: 'summary_digests' }]],
  ],
  [
    'a@example.org,,member,,no email,not allowed',
    [['member', 'a@example.org', '', { delivery_status: 'by_user', moderation_action: 'reject' }]],
  ],
  // Bouncing says more than a preference: the address takes no mail.
  [
    'a@example.org,,member,bouncing,no email,allowed',
    [['member', 'a@example.org', '', { delivery_status: 'by_bounces' }]],
  ],
  [
    'a@example.org,,owner,,email,allowed',
    [
      ['member', 'a@example.org', '', { delivery_mode: 'regular' }],
      ['owner', 'a@example.org', '', {}],
    ],
  ],
  [
    'a@example.org,,manager,,,',
    [
      ['member', 'a@example.org', '', {}],
      ['moderator', 'a@example.org', '', {}],
    ],
  ],
  ['a@example.org,,invited,,email,allowed', [[3, 'a@example.org was invited and is no member yet']]],
  ['a@example.org,,banned,,email,allowed', [[3, 'a@example.org is banned; npx belfry ban add keeps it so']]],
  [
    'a@example.org,,member,,weekly,allowed',
    [[3, 'Belfry does not know what "weekly" means as email preference of a@example.org']],
  ],
  [
    'a@example.org,,guru,,email,allowed',
    [[3, 'Belfry does not know what "guru" means as group status of a@example.org']],
  ],
  ['nobody,,member,,email,allowed', [[3, '"nobody" is not an e-mail address']]],
  ['a@example.org,"An""ne"x,member', [[3, 'something follows a quotation mark that ends a field']]],
  ['a@example.org,"An\tne",member', [[3, 'the name has control characters']]],
  [`a@example.org${','.repeat(13)}`, [[3, 'there are 14 fields and 13 columns']]],
])('%s', async (row, expected) => {
  expect(await one(row)).toEqual(expected);
});

it.each([';', '\t'])('reads what a spreadsheet wrote with %j between the fields', async (mark) => {
  const rows = [
    `Members for group Ants${mark.repeat(5)}`,
    header.replaceAll(',', mark),
    ['a@example.org', '"Person; ""Anne"""', 'member', '', 'digest', 'moderated'].join(mark),
    ['b@example.org', 'Person, Bart', 'owner'].join(mark),
  ];
  const text = rows.join('\r\n');
  expect(formatOf(text)).toBe('google');
  const { wishes } = await read(text);
  expect(wishes).toMatchObject([
    {
      wanted: {
        email: 'a@example.org',
        display_name: 'Person; "Anne"',
        said: { moderation_action: 'hold' },
      },
    },
    { wanted: { email: 'b@example.org', display_name: 'Person, Bart', role: 'member' } },
    { wanted: { email: 'b@example.org', role: 'owner' } },
  ]);
});

it('keeps the day on which somebody joined, and makes none up', async () => {
  const rows = [
    'a@example.org,,,,,,2018,4,10,18,54,7,Mountain Daylight Time',
    'b@example.org,,,,,,2018,2,30',
  ];
  const { wishes } = await read([header, ...rows].join('\n'));
  expect(wishes.map((wish) => wish.kind === 'wanted' && wish.wanted.subscribed_at)).toEqual([
    '2018-04-10T00:00:00.000Z',
    undefined,
  ]);
});

it('finds columns by their names, and tells of those that it does not know', async () => {
  const { wishes, notKept } = await read(
    'email address,Shoe size,Email Preference\na@example.org,41,digest\n',
  );
  expect(wishes).toMatchObject([{ wanted: { said: { delivery_mode: 'mime_digests' } } }]);
  expect(notKept).toEqual(['Belfry does not know the column "shoe size", and took nothing from it.']);
});

it('refuses a file without the names of columns', async () => {
  await expect(read('a@example.org,Anne\nb@example.org,Bart\n')).rejects.toThrow('no line with the column');
});

it.each([
  [`Members for group Ants,,,\n${header}\n`, 'google'],
  [`"Email address",Nickname\n`, 'google'],
  ['  {"entries": []}', 'mailman3'],
  ['[]', 'mailman3'],
  ['Anne <a@example.org>\n', 'mailman2'],
  ['', 'mailman2'],
])('%j is known by how it begins', (text, format) => {
  expect(formatOf(text)).toBe(format);
});
