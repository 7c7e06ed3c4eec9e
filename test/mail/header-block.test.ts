import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoded, fieldFrom, joinMail, parseHeaderBlock, unfolded } from '../../lib/mail/header-block.ts';

const parse = (text: string) => parseHeaderBlock(Buffer.from(text, 'latin1'));
const names = (text: string) => parse(text).fields.map((field) => field.name);
const rest = (text: string) => parse(text).rest.toString('latin1');

describe('reading a header block', () => {
  it('keeps each field with its folding, and the blank line with the body', () => {
    const block = parse('From: a@example.org\r\nSubject: one\r\n two\r\n\r\nbody\r\n');
    expect(block.fields.map((field) => [field.name, field.key, field.raw.toString()])).toEqual([
      ['From', 'from', 'From: a@example.org\r\n'],
      ['Subject', 'subject', 'Subject: one\r\n two\r\n'],
    ]);
    expect(block.rest.toString()).toBe('\r\nbody\r\n');
  });

  it.each([
    ['a mail without body', 'A: 1\r\n', ['A'], ''],
    ['a mail without header', '\r\nbody\r\n', [], '\r\nbody\r\n'],
    ['an empty mail', '', [], ''],
    ['a field cut off at the end', 'A: 1', ['A'], ''],
    ['a line of blanks is a continuation', 'A: 1\r\n  \r\nB: 2\r\n\r\n', ['A', 'B'], '\r\n'],
    ['a blank before the colon', 'A : 1\r\n\r\n', ['A'], '\r\n'],
    ['a colon without name ends the block', 'A: 1\r\n: 2\r\n\r\nx', ['A'], ': 2\r\n\r\nx'],
    ['a line that is no field ends the block', 'A: 1\r\nno field\r\n\r\nx', ['A'], 'no field\r\n\r\nx'],
    ['a name that is not ASCII ends the block', 'A: 1\r\nB\xe9: 2\r\n\r\nx', ['A'], 'B\xe9: 2\r\n\r\nx'],
    ['a continuation of nothing', ' A: 1\r\n\r\nx', [], ' A: 1\r\n\r\nx'],
    ['the From line of an mbox is dropped', 'From a Sat Jan  3\r\nA: 1\r\n\r\nx', ['A'], '\r\nx'],
    ['a From field with a blank before its colon is none', 'From : a@b.example\r\n\r\nx', ['From'], '\r\nx'],
    ['a From line elsewhere is no field', 'A: 1\r\nFrom a\r\n\r\nx', ['A'], 'From a\r\n\r\nx'],
    ['bare LF', 'A: 1\nB: 2\n 3\n\nx\n', ['A', 'B'], '\nx\n'],
    ['NUL in a value', 'A: \x00\r\n\r\nx', ['A'], '\r\nx'],
  ])('%s', (_, mail, fields, after) => {
    expect(names(mail)).toEqual(fields);
    expect(rest(mail)).toBe(after);
  });

  it('reads 10,000 lines, each of which could be the last', () => {
    expect(names(`${'X-Line: value\r\n'.repeat(10_000)}\r\nbody`)).toHaveLength(10_000);
    expect(parse(`X: 1\r\n${' more\r\n'.repeat(10_000)}\r\n`).fields).toHaveLength(1);
  });
});

describe('joining', () => {
  it('never changes what is behind the header block, whatever the bytes are', () => {
    const alphabet = fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      ':',
      ' ',
      '\t',
      'A',
      'From ',
      '\x00',
      '\xff',
      'B: 1\r\n',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.array(alphabet, { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''), 'latin1')),
    );
    fc.assert(
      fc.property(bytes, (mail) => {
        const block = parseHeaderBlock(mail);
        const edited = { ...block, fields: [...block.fields, fieldFrom('X-Added', 'yes')] };
        const joined = joinMail(edited);
        expect(joined.subarray(joined.length - block.rest.length).equals(block.rest)).toBe(true);
        expect(mail.subarray(mail.length - block.rest.length).equals(block.rest)).toBe(true);
        const again = parseHeaderBlock(joined);
        expect(again.fields.map((field) => field.raw.toString('latin1'))).toEqual(
          edited.fields.map((field) => field.raw.toString('latin1')),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the very bytes back when nothing is edited', () => {
    const mail = Buffer.from('A: 1\r\nB:\t2\r\n 3\r\n\r\n\x00\xff\r\n', 'latin1');
    expect(joinMail(parseHeaderBlock(mail)).equals(mail)).toBe(true);
  });

  it('parts header and text by a blank line when the mail has none', () => {
    const block = parse('just text\r\n');
    const joined = joinMail({ ...block, fields: [fieldFrom('A', '1')] });
    expect(joined.toString()).toBe('A: 1\r\n\r\njust text\r\n');
  });

  it('puts no blank line into a mail that has one behind a broken line', () => {
    const mail = 'A: 1\r\nbroken line\r\nB: 2\r\n\r\nbody\r\n';
    const block = parse(mail);
    const joined = joinMail({ ...block, fields: [...block.fields, fieldFrom('C', '3')] });
    expect(joined.toString()).toBe('A: 1\r\nC: 3\r\nbroken line\r\nB: 2\r\n\r\nbody\r\n');
  });
});

describe('making a field', () => {
  it('folds at 78 characters between words', () => {
    const value = Array.from({ length: 40 }, (_, index) => `rule-${index}`).join('; ');
    const field = fieldFrom('X-Mailman-Rule-Misses', value);
    const lines = field.raw.toString().split('\r\n');
    expect(lines.every((line) => line.length <= 78)).toBe(true);
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.at(-1)).toBe('');
    expect(unfolded(field)).toBe(value);
  });

  it('keeps lines with encoded words below 77 characters', () => {
    for (const name of ['Subject', 'List-Id', 'Reply-To']) {
      const field = fieldFrom(name, 'ein sehr langer Satz über viele Grüße an alle Ameisen '.repeat(8));
      expect(
        field.raw
          .toString()
          .split('\r\n')
          .every((line) => line.length <= 76),
      ).toBe(true);
    }
  });

  it('leaves a word that is longer than a line on one line, and never begins with an empty one', () => {
    const long = 'x'.repeat(200);
    expect(fieldFrom('A', long).raw.toString()).toBe(`A: ${long}\r\n`);
  });

  it('lets no value smuggle in a field', () => {
    const field = fieldFrom('Subject', 'hello\r\nBcc: victim@example.org\nX: y\0z');
    expect(field.raw.toString()).toBe('Subject: hello Bcc: victim@example.org X: y z\r\n');
  });

  it('encodes what is not ASCII and leaves the words around it readable', () => {
    expect(fieldFrom('Subject', 'Grüße an alle').raw.toString()).toBe(
      'Subject: =?utf-8?b?R3LDvMOfZQ==?= an alle\r\n',
    );
  });

  it('gives any text back as it was but for blanks at the ends', () => {
    const texts = fc
      .string({ unit: 'binary', maxLength: 200 })
      .map((text) => text.replace(/\p{Cc}/gu, (c) => (c > '\x7f' ? c : '')).trim());
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!/=\?/.test(text) && text.isWellFormed());
        const field = fieldFrom('Subject', text);
        expect(field.raw.every((byte) => byte < 0x7f)).toBe(true);
        expect(decoded(field)).toBe(text);
        expect(parseHeaderBlock(Buffer.concat([field.raw, Buffer.from('\r\n')])).fields).toHaveLength(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('reading a value', () => {
  const value = (bytes: string) =>
    decoded(parse(`Subject: ${bytes}\r\n`).fields[0] ?? fieldFrom('none', 'none'));
  it.each([
    ['=?utf-8?q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
    ['=?iso-8859-1?Q?caf=E9_noir?= today', 'café noir today'],
    ['=?utf-8?b?4oKs?= =?utf-8?q?_5?=', '€ 5'],
    ['=?utf-8?b?4oI=?=\r\n =?utf-8?b?rA==?=', '€'],
    ['=?utf-8*de?q?ja?= nein', 'ja nein'],
    ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['=?no-such-charset?q?a?=', '=?no-such-charset?q?a?='],
    ['=?utf-8?x?a?= =?utf-8?q?unfinished', '=?utf-8?x?a?= =?utf-8?q?unfinished'],
    ['caf\xe9', 'café'],
    ['caf\xc3\xa9', 'café'],
    ['one\r\n\ttwo', 'one\ttwo'],
  ])('%s', (bytes, text) => {
    expect(value(bytes)).toBe(text);
  });
});
