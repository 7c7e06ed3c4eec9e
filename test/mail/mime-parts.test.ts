import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { readMailText } from '../../lib/mail/mail-text.ts';
import { mimeParts } from '../../lib/mail/mime-parts.ts';
import { partText } from '../../lib/mail/part-text.ts';

const everything = { first: true, all: true, partFields: true, approved: true };
const block = (lines: readonly string[]) => parseHeaderBlock(Buffer.from(lines.join('\r\n'), 'latin1'));
const partsOf = (lines: readonly string[]) =>
  [...mimeParts(block(lines))].map((part) => [part.depth, part.type, part.body.toString('latin1')]);

describe('the parts of a mail', () => {
  it('are the mail itself when it is no multipart', () => {
    expect(partsOf(['Subject: x', '', 'body'])).toEqual([[0, 'text/plain', 'body']]);
  });

  it('are found within each other, and the line end before a boundary is not theirs', () => {
    const found = partsOf([
      'Content-Type: Multipart/Mixed; boundary="a b"',
      '',
      'preamble',
      '--a b',
      'Content-Type: multipart/alternative; boundary=inner',
      '',
      '--inner',
      '',
      'plain',
      '--inner',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>',
      '--inner--',
      '--a b  ',
      'Content-Type: message/rfc822',
      '',
      'Subject: inside',
      '',
      'quoted',
      '--a b--',
      'epilogue',
    ]);
    expect(found.filter(([, type]) => !String(type).startsWith('multipart/'))).toEqual([
      [2, 'text/plain', 'plain'],
      [2, 'text/html', '<p>'],
      [1, 'message/rfc822', 'Subject: inside\r\n\r\nquoted'],
      [2, 'text/plain', 'quoted'],
    ]);
  });

  it('are not parted by a longer boundary that begins like this one, nor by one within a line', () => {
    const found = partsOf([
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'x --b',
      '--bc',
      'y',
      '--b--',
    ]);
    expect(found.at(-1)).toEqual([1, 'text/plain', 'x --b\r\n--bc\r\ny']);
  });

  it('end with the mail when the last boundary is missing', () => {
    expect(partsOf(['Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x']).at(-1)).toEqual([
      1,
      'text/plain',
      'x',
    ]);
  });

  it('lie where they say', () => {
    const mail = block([
      'Content-Type: multipart/mixed; boundary=b',
      '',
      'pre',
      '--b',
      'X: y',
      '',
      'one',
      '--b',
      '',
      'two',
      '--b--',
    ]);
    for (const { start, body } of mimeParts(mail)) {
      expect(mail.rest.subarray(start, start + body.length)).toEqual(body);
    }
  });

  it.each([
    ['base64', 'text/plain; charset=utf-8', Buffer.from('Grüße').toString('base64'), 'Grüße'],
    ['quoted-printable', 'text/plain; charset=utf-8', 'Gr=C3=BC=\r\n=C3=9Fe', 'Grüße'],
    ['8bit', 'text/plain; charset=iso-8859-15', '\xa4', '€'],
    ['8bit', 'text/plain; charset=koi8-r', '\xc1', 'а'],
    ['8bit', 'text/plain; charset="shift_jis"', '\x82\xa0', 'あ'],
    ['8bit', 'text/plain; charset=no-such-charset', '\xfc', 'ü'],
    ['8bit', 'text/plain', '\xc3\xbc', 'ü'],
    ['x-strange', 'text/plain', 'as it is', 'as it is'],
  ])('are read in their encoding and charset: %s, %s', (encoding, type, body, text) => {
    const [part] = mimeParts(
      block([`Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, '', body]),
    );
    expect(part === undefined ? undefined : partText(part, 1000)).toBe(text);
  });

  it('of any bytes are found without a failure, and the text read of them is bounded', () => {
    const boundary = fc.constantFrom(
      '--b',
      '--b--',
      '',
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      'text',
    );
    const mails = fc.oneof(
      fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
      fc.array(boundary, { maxLength: 60 }).map((lines) => Buffer.from(lines.join('\r\n'))),
    );
    fc.assert(
      fc.property(mails, (mail) => {
        const text = readMailText(parseHeaderBlock(mail), everything);
        expect(text.first.length).toBeLessThanOrEqual(65_536);
        expect(text.all.length).toBeLessThanOrEqual(2 * 65_536);
      }),
    );
  });

  it('of a mail that nests without end, or has parts without number, come to an end', () => {
    const deep = 'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000);
    const wide = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}`;
    expect([...mimeParts(parseHeaderBlock(Buffer.from(deep)))].length).toBeLessThan(50);
    expect([...mimeParts(parseHeaderBlock(Buffer.from(wide)))].length).toBe(1000);
  });

  it('of a large text are read as far as somebody may look', () => {
    const { first } = readMailText(block(['', 'x'.repeat(1_000_000)]), everything);
    expect(first).toHaveLength(65_536);
  });
});
