import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesIn, formatAddressList, parseAddressList } from '../../lib/mail/address-list.ts';
import { fieldFrom, unfolded } from '../../lib/mail/header-block.ts';

describe('writing addresses', () => {
  it.each([
    ['', 'a@example.org'],
    ['Anne Person', 'Anne Person <a@example.org>'],
    ['Person, Anne', '"Person, Anne" <a@example.org>'],
    ['Anne "the ant"', '"Anne \\"the ant\\"" <a@example.org>'],
    ['Änne, Person', '=?utf-8?b?w4RubmUsIFBlcnNvbg==?= <a@example.org>'],
    ['=?x?', '=?utf-8?b?PT94Pw==?= <a@example.org>'],
    ['Anne\r\nBcc: b@example.org', '"Anne Bcc: b@example.org" <a@example.org>'],
  ])('with the name %j', (name, written) => {
    expect(formatAddressList([{ name, address: 'a@example.org' }])).toBe(written);
  });

  it('keeps every name and address through a header, folded or not', () => {
    const names = fc.string({ unit: 'binary', maxLength: 60 }).filter((name) => name.isWellFormed());
    const mailbox = fc.record({ name: names, address: fc.constantFrom('a@example.org', 'b.c@example.net') });
    const plain = (name: string) =>
      name
        .replace(/\p{Cc}+/gu, ' ')
        .trim()
        .replace(/\s+/gu, ' ');
    fc.assert(
      fc.property(fc.array(mailbox, { minLength: 1, maxLength: 6 }), (mailboxes) => {
        const field = fieldFrom('To', formatAddressList(mailboxes));
        const read = addressesIn({ fields: [field], rest: Buffer.alloc(0) }, 'to');
        expect(read.map(({ address }) => address)).toEqual(mailboxes.map(({ address }) => address));
        expect(read.map(({ name }) => plain(name))).toEqual(mailboxes.map(({ name }) => plain(name)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('reading addresses', () => {
  it('answers for any value', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[<>@:;,"()\\[\]=?a. \t]{0,60}$/), (value) => {
        for (const { address, name } of parseAddressList(value)) {
          expect(typeof address).toBe('string');
          expect(typeof name).toBe('string');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('reads a To of thousands', () => {
    const value = Array.from({ length: 5000 }, (_, index) => `a${index}@example.org`).join(', ');
    expect(parseAddressList(unfolded(fieldFrom('To', value)))).toHaveLength(5000);
  });
});
