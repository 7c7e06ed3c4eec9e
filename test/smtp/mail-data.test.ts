import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailData } from '../../lib/smtp/mail-data.ts';

/** What a server makes of the data: up to the line with a lone dot, and one dot less before lines that begin with one. */
const received = (bytes: Buffer): { readonly message: string; readonly rest: string } => {
  const text = bytes.toString('latin1');
  const end = text.startsWith('.\r\n') ? 0 : text.indexOf('\r\n.\r\n') + 2;
  const lines = text.slice(0, end).split('\r\n');
  return {
    message: lines.map((line) => (line.startsWith('.') ? line.slice(1) : line)).join('\r\n'),
    rest: text.slice(end + 3),
  };
};

describe('a mail as DATA carries it', () => {
  it.each([
    ['nothing to double', 'a\r\nb\r\n', 'a\r\nb\r\n.\r\n'],
    ['a dot at the very beginning', '.a\r\n', '..a\r\n.\r\n'],
    ['a lone dot, which would end it', 'a\r\n.\r\nb\r\n', 'a\r\n..\r\nb\r\n.\r\n'],
    ['dots one after the other', 'a\r\n.\r\n.\r\n..\r\n', 'a\r\n..\r\n..\r\n...\r\n.\r\n'],
    ['dots elsewhere, which stay', 'a.b.\r\n', 'a.b.\r\n.\r\n'],
    ['a last line without an end', 'a\r\n.b', 'a\r\n..b\r\n.\r\n'],
    ['nothing at all', '', '.\r\n'],
  ])('has %s', (_what, message, bytes) => {
    expect(mailData(Buffer.from(message)).bytes.toString()).toBe(bytes);
  });

  it('arrives byte by byte as it is, whatever its lines are', () => {
    const part = fc.constantFrom('.', '\r\n', '.\r\n', '\r\n.\r\n', 'a', '\xff', '..', 'QUIT\r\n');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const message = `${parts.join('')}\r\n`;
        const { bytes, size, eightBit } = mailData(Buffer.from(message, 'latin1'));
        expect(received(bytes)).toEqual({ message, rest: '' });
        expect({ size, eightBit }).toEqual({ size: message.length, eightBit: message.includes('\xff') });
      }),
    );
  });

  it('is made once for the same bytes, and quickly for many megabytes of dots', () => {
    const message = Buffer.alloc(8_000_000, '\r\n.\r\n.');
    const data = mailData(message);
    expect(mailData(message)).toBe(data);
    expect(data.bytes.length).toBeGreaterThan(message.length);
  });
});
