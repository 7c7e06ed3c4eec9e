import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineEnds, withCrlf } from '../../lib/mail/line-ends.ts';
import { derivedMessageId, messageIdHash, readMessageId } from '../../lib/mail/message-id.ts';
import { DataDecoder } from '../../lmtp-gateway/data-decoder.ts';

/** Bytes in which line ends and dots meet in every way. */
const rough = fc
  .array(fc.constantFrom('\r', '\n', '.', '\r\n', '\r\n.', 'a', '\0', '\xff'), { maxLength: 60 })
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

const cuts = fc.array(fc.nat({ max: 60 }), { maxLength: 8 });

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const sorted = [0, ...places.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
};

describe('line ends', () => {
  it('are all CRLF afterwards, however the mail came in pieces', () => {
    fc.assert(
      fc.property(rough, cuts, (bytes, places) => {
        const lineEnds = new LineEnds();
        const pieces = cut(bytes, places).map((piece) => lineEnds.feed(piece));
        const got = Buffer.concat([...pieces, lineEnds.end()]).toString('latin1');
        expect(got).toBe(bytes.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'));
        expect(withCrlf(bytes).toString('latin1')).toBe(got);
      }),
      { numRuns: 2000 },
    );
  });

  it('that are right already are left alone', () => {
    fc.assert(
      fc.property(rough, (bytes) => {
        const right = withCrlf(bytes);
        expect(withCrlf(right).equals(right)).toBe(true);
      }),
    );
  });
});

/** What a client does that keeps RFC 5321, section 4.5.2: a dot in front of each line that starts with one. */
const stuffed = (content: string): string => content.replace(/(^|\r\n)\./g, '$1..');

describe('the content of DATA', () => {
  it('is what was sent, however it came in pieces, and ends nowhere but at CR LF . CR LF', () => {
    fc.assert(
      fc.property(rough, cuts, (bytes, places) => {
        const content = bytes.length === 0 ? '' : `${bytes.toString('latin1')}\r\n`;
        const sent = Buffer.from(`${stuffed(content)}.\r\nQUIT\r\n`, 'latin1');
        const decoder = new DataDecoder();
        const got: Buffer[] = [];
        let rest: Buffer | undefined;
        for (const piece of cut(sent, places)) {
          if (rest !== undefined) {
            rest = Buffer.concat([rest, piece]);
            continue;
          }
          const decoded = decoder.feed(piece);
          got.push(...decoded.content);
          rest = decoded.rest;
        }
        expect(Buffer.concat(got).toString('latin1')).toBe(content);
        expect(rest?.toString()).toBe('QUIT\r\n');
      }),
      { numRuns: 5000 },
    );
  });
});

describe('a Message-ID', () => {
  it('has the hash that Mailman gives it', () => {
    // The value that Mailman's documentation shows for <first>; brackets and blanks make no difference.
    for (const written of ['<first>', 'first', '  <first> ']) {
      expect(messageIdHash(written)).toBe('4CMWUN6BHVCMHMDAOSJZ2Q72G5M32MWB');
    }
  });

  it('that must be made follows from the bytes', () => {
    const digest = createHash('sha256').update('some mail').digest();
    const made = derivedMessageId(digest, 'example.com');
    expect(made).toMatch(/^<[0-9a-f]{40}@example\.com>$/);
    expect(derivedMessageId(digest, 'example.com')).toBe(made);
  });

  it('is kept on one line of a sane length', () => {
    expect(readMessageId(' <a\0@\r\n b> ')).toBe('<a@ b>');
    expect(readMessageId('  ')).toBeUndefined();
    expect(readMessageId('x'.repeat(100_000))).toHaveLength(998);
  });
});
