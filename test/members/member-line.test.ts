import { expect, it } from 'vitest';
import { memberLine } from '../../lib/members/member-fields.ts';
import { parseMemberLine } from '../../lib/members/member-line.ts';

it.each([
  ['a@example.org', 'a@example.org', ''],
  ['  a@example.org\t', 'a@example.org', ''],
  ['\uFEFFa@example.org', 'a@example.org', ''],
  ['<a@example.org>', 'a@example.org', ''],
  ['Anne Person <Anne@Example.org>', 'Anne@Example.org', 'Anne Person'],
  ['"Person, Anne" <a@example.org>', 'a@example.org', 'Person, Anne'],
  ['"Anne \\"Ant\\" P" <a@example.org>', 'a@example.org', 'Anne "Ant" P'],
  ['Zoë Ångström <z@example.org>', 'z@example.org', 'Zoë Ångström'],
  ["o'brien+x@sub.example.org", "o'brien+x@sub.example.org", ''],
])('%j names a member', (line, email, display_name) => {
  expect(parseMemberLine(line)).toEqual({ kind: 'member', email, display_name });
});

it.each(['', '   ', '# a@example.org', ' # comment'])('%j names nobody', (line) => {
  expect(parseMemberLine(line)).toEqual({ kind: 'nothing' });
});

it.each([
  ['anne', '"anne" is not an e-mail address'],
  ['Anne <a@localhost>', '"a@localhost" is not an e-mail address'],
  ['a@example.org b@example.org', '"a@example.org b@example.org" is not an e-mail address'],
  ['a@example..org', '"a@example..org" is not an e-mail address'],
  ['a@-example.org', '"a@-example.org" is not an e-mail address'],
  ['ä@example.org', '"ä@example.org" is not an e-mail address'],
  ['a@b@example.org', '"a@b@example.org" is not an e-mail address'],
  ['Zo\ufffd <z@example.org>', 'the name is not in UTF-8'],
  [`a\u0000@\u001b[2J${'x'.repeat(500)}`, `"a @ [2J${'x'.repeat(90)}..." is not an e-mail address`],
  ['Anne\u0007 <a@example.org>', 'the name has control characters'],
])('%j is refused', (line, reason) => {
  expect(parseMemberLine(line)).toEqual({ kind: 'invalid', reason });
});

it.each(['', 'Anne Person', 'Person, Anne', 'Anne "Ant" \\ P', 'Zoë', '<anne>'])(
  'what is shown of %j can be read again',
  (display_name) => {
    const email = 'a@example.org';
    expect(parseMemberLine(memberLine({ email, display_name }))).toEqual({
      kind: 'member',
      email,
      display_name,
    });
  },
);
