import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvRecords } from '../../lib/imports/csv.ts';

const fieldsOf = (text: string) =>
  [...csvRecords(text)].map((record) => (record.kind === 'record' ? record.fields : record.reason));

it.each([
  [
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\rc,d\r',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['"Person, Anne",x', [['Person, Anne', 'x']]],
  ['"Anne ""Ant"" P",x', [['Anne "Ant" P', 'x']]],
  [
    '"two\r\nlines",x\r\ny,z',
    [
      ['two\r\nlines', 'x'],
      ['y', 'z'],
    ],
  ],
  ['a,,b,', [['a', '', 'b', '']]],
  ['"",a', [['', 'a']]],
  ['a\r\n\r\n\nb', [['a'], ['b']]],
  ['', []],
])('%j is read as RFC 4180 says', (text, records) => {
  expect(fieldsOf(text)).toEqual(records);
});

it.each([
  ['a,"b"c\nd', 'something follows a quotation mark that ends a field'],
  ['a,b"c\nd', 'a quotation mark stands within a field that is in none'],
  ['a,"b\nd', 'a quotation mark begins a field and none ends it'],
])('%j is told of, and the next line is read', (text, reason) => {
  expect(fieldsOf(text)).toEqual([reason, ['d']]);
});

it('counts lines, also those within quotes', () => {
  const text = 'a\n"b\nb"\n"c" c\nd\n';
  expect([...csvRecords(text)].map(({ kind, line }) => [kind, line])).toEqual([
    ['record', 1],
    ['record', 2],
    ['fault', 4],
    ['record', 5],
  ]);
});

it('reads back what was written, whatever stands in it', () => {
  const row = fc.array(fc.string({ unit: fc.constantFrom('a', 'ß', ',', '"', '\r', '\n', ' ') }), {
    minLength: 2,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      const text = rows
        .map((fields) => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(','))
        .join('\r\n');
      expect(fieldsOf(text)).toEqual(rows);
    }),
  );
});

it('comes to an end with any text, and loses no line of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n') }), (text) => {
      const read = [...csvRecords(text)].map((record) => record.text.replace(/[\r\n]/g, '')).join('');
      expect(read).toBe(text.replace(/[\r\n]/g, ''));
    }),
  );
});
