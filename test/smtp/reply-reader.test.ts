import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replyText } from '../../lib/smtp/reply.ts';
import { ReplyReader } from '../../lib/smtp/reply-reader.ts';

const read = (...pieces: readonly string[]) => {
  const reader = new ReplyReader();
  const replies = pieces.flatMap((piece) => reader.read(Buffer.from(piece, 'latin1')));
  return { replies, texts: replies.map(replyText), wrong: reader.wrong };
};

/** Cuts bytes at any places. */
const pieces = (bytes: Buffer) =>
  fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }).map((cuts) => {
    const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
    return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
  });

describe('replies of a server', () => {
  it('have a number and lines, the number alone among them', () => {
    expect(read('250 2.1.0 Ok\r\n354\r\n250-relay.test\r\n250-SIZE 10\r\n250 8BITMIME\r\n').replies).toEqual([
      { code: 250, lines: ['2.1.0 Ok'] },
      { code: 354, lines: [''] },
      { code: 250, lines: ['relay.test', 'SIZE 10', '8BITMIME'] },
    ]);
  });

  it('are written down in one line, with their enhanced code once', () => {
    expect(read('550-5.1.1 Nobody\r\n550-5.1.1 of that name\r\n550 5.1.1 here\r\n').texts).toEqual([
      '550 5.1.1 Nobody of that name here',
    ]);
  });

  it('may end their lines with LF, and hold letters, but nothing that moves a cursor', () => {
    expect(read('550 5.1.1 Zo\xc3\xab\x1b[31m\x07is gone\n').texts).toEqual(['550 5.1.1 Zoë [31m is gone']);
  });

  it.each([
    ['no number', 'HTTP/1.1 400 Bad Request\r\n'],
    ['a number of four digits', '2500 Ok\r\n'],
    ['a number that means nothing', '199 Ok\r\n'],
    ['a number that changes from line to line', '250-one\r\n550 two\r\n'],
  ])('cannot have %s', (_what, bytes) => {
    const { replies, wrong } = read(bytes);
    expect(replies).toEqual([]);
    expect(wrong).toContain('does not speak SMTP');
  });

  it.each([
    ['a line', ['250 ', ...Array.from({ length: 20 }, () => 'x'.repeat(1000))]],
    ['lines', Array.from({ length: 2000 }, () => '250-more and more\r\n')],
  ])('cannot be %s without end', (_what, given) => {
    expect(read(...given).wrong).toContain('without end');
  });

  it('are the same in whatever pieces they come', () => {
    const line = fc
      .string({ unit: 'binary-ascii', maxLength: 40 })
      .map((text) => text.replace(/[\r\n]/g, ''));
    const reply = fc
      .tuple(fc.integer({ min: 200, max: 559 }), fc.array(line, { minLength: 1, maxLength: 4 }))
      .filter(([code]) => code % 100 < 60);
    const bytesOf = ([code, lines]: [number, string[]]): string =>
      lines.map((text, index) => `${code}${index === lines.length - 1 ? ' ' : '-'}${text}\r\n`).join('');
    const given = fc
      .array(reply, { maxLength: 8 })
      .chain((replies) =>
        fc.tuple(fc.constant(replies), pieces(Buffer.from(replies.map(bytesOf).join(''), 'latin1'))),
      );
    fc.assert(
      fc.property(given, ([replies, parts]) => {
        const reader = new ReplyReader();
        const found = parts.flatMap((part) => reader.read(part));
        expect(reader.wrong).toBeUndefined();
        expect(found.map(({ code, lines }) => [code, lines.length])).toEqual(
          replies.map(([code, lines]) => [code, lines.length]),
        );
      }),
    );
  });

  it('of any bytes at all never throw, and are the same in any pieces', () => {
    const bytes = fc
      .oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.constantFrom('250', '-', ' ', '\r', '\n', '\r\n', '5', 'ok', '\0'), { maxLength: 60 }),
      )
      .map((some) => (Array.isArray(some) ? Buffer.from(some.join('')) : Buffer.from(some)));
    const given = bytes.chain((whole) => fc.tuple(fc.constant(whole), pieces(whole)));
    fc.assert(
      fc.property(given, ([whole, parts]) => {
        const atOnce = new ReplyReader();
        const inPieces = new ReplyReader();
        const expected = atOnce.read(whole);
        expect(parts.flatMap((part) => inPieces.read(part))).toEqual(expected);
        expect(inPieces.wrong).toEqual(atOnce.wrong);
      }),
    );
  });
});
