import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findApproved, withoutApprovedLine } from '../../lib/mail/approved-line.ts';
import { joinMail, parseHeaderBlock } from '../../lib/mail/header-block.ts';

const block = (...lines: readonly string[]) => parseHeaderBlock(Buffer.from(lines.join('\r\n')));
const stripped = (...lines: readonly string[]) => joinMail(withoutApprovedLine(block(...lines))).toString();

describe('the password for the moderators', () => {
  it.each([
    ['a header', ['Approved: abc', '', 'text'], { password: 'abc', where: 'header' }],
    ['any of the four headers', ['X-APPROVE:  abc ', '', ''], { password: 'abc', where: 'header' }],
    ['a header before the text', ['Approve: one', '', 'Approved: two'], { password: 'one', where: 'header' }],
    ['the first line', ['Subject: x', '', 'Approved: abc', 'text'], { password: 'abc', where: 'text' }],
    ['the first line after blank ones', ['', '', ' ', 'x-approved:abc'], { password: 'abc', where: 'text' }],
    [
      'the first text/plain part',
      [
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/html',
        '',
        'x',
        '--b',
        '',
        'Approve: abc',
        '--b--',
      ],
      { password: 'abc', where: 'text' },
    ],
    ['an empty one', ['Approved:', '', ''], { password: '', where: 'header' }],
    ['nothing on the second line', ['', 'Hello', 'Approved: abc'], undefined],
    ['nothing in other words', ['', 'I approved: abc'], undefined],
  ])('is found: %s', (_, lines, found) => {
    expect(findApproved(block(...lines))).toEqual(found);
  });

  it('goes with its line from the text, and the rest keeps its bytes', () => {
    expect(stripped('Subject: x', '', 'Approved: abc', 'text', '')).toBe('Subject: x\r\n\r\ntext\r\n');
  });

  it('goes from the same text in HTML, where it is written otherwise', () => {
    const mail = stripped(
      'Content-Type: multipart/alternative; boundary=b',
      '',
      '--b',
      '',
      'Approved: a&b',
      'text',
      '--b',
      'Content-Type: text/html',
      '',
      '<p>Approved:&nbsp;a&amp;b</p><p>text</p>',
      '--b--',
      '',
    );
    expect(mail).toContain('<p></p><p>text</p>');
    expect(mail).not.toMatch(/a&b|a&amp;b/);
  });

  it.each(['base64', 'quoted-printable'] as const)('goes from a part in %s, which stays one', (encoding) => {
    const text =
      'Approved: übung=1\r\nGrüße, a long line of text that must be folded when it is written anew in this encoding\r\n';
    const body =
      encoding === 'base64'
        ? Buffer.from(text).toString('base64')
        : [...Buffer.from(text)]
            .map((byte) =>
              byte === 13 || byte === 10
                ? String.fromCharCode(byte)
                : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
            )
            .join('');
    const mail = withoutApprovedLine(
      block('Content-Type: text/plain; charset=utf-8', `Content-Transfer-Encoding: ${encoding}`, '', body),
    );
    expect(findApproved(mail)).toBeUndefined();
    const written = joinMail(mail).toString();
    expect(written.split('\r\n').every((line) => line.length <= 76)).toBe(true);
    const rest = written.slice(written.indexOf('\r\n\r\n') + 4);
    const decoded =
      encoding === 'base64'
        ? Buffer.from(rest, 'base64').toString()
        : decodeURIComponent(rest.replaceAll('=\r\n', '').replaceAll('%', '%25').replaceAll('=', '%'));
    expect(decoded).toBe(text.slice(text.indexOf('\n') + 1));
  });

  it('in the header is left to the handler that cleans headers, and a mail without one keeps all its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const mail = parseHeaderBlock(Buffer.from(bytes));
        if (findApproved(mail) === undefined) expect(withoutApprovedLine(mail)).toEqual(mail);
      }),
    );
    const mail = block('Approved: abc', '', 'Approved: abc');
    expect(withoutApprovedLine(mail)).toEqual(mail);
  });

  it('that is full of signs is a text and no regular expression', () => {
    expect(stripped('', 'Approved: a.*(b)[c]{2}$^|\\', 'text')).toBe('\r\ntext');
  });
});
