import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { type Composition, compose } from '../../lib/notices/compose.ts';

const identity = {
  noticeId: 'f00d',
  messageId: '<f00d@example.com>',
  date: new Date('2026-11-20T12:00:00Z'),
};
const plain: Composition = {
  from: { name: '', address: 'ant-bounces@example.com' },
  to: { name: '', address: 'anne@example.org' },
  subject: 'hello',
  body: { text: 'hello\n' },
};
const write = (changes: Partial<Composition>): Buffer => compose({ ...plain, ...changes }, identity);
const read = (mail: Buffer) => simpleParser(mail, { skipHtmlToText: true, skipTextToHtml: true });
const header = (mail: Buffer): string => mail.toString('latin1', 0, mail.indexOf('\r\n\r\n'));

/** What a person can type, in any script, with what might be taken for syntax. */
const words = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.constantFrom(
        'Grüße',
        '日本語のメール',
        '🐜',
        '👩‍👩‍👧',
        'שלום',
        '=?utf-8?q?x?=',
        '=?',
        '"',
        '<x@y.z>',
        ',',
        ';',
        ':',
        '\\',
        '.',
        'From ',
        '=3D',
        'Bcc: x@example.org',
        'x'.repeat(90),
      ),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((parts) => parts.join(' '));

/** On one line and within the length that a header of ours repeats; what remains of it must come through unharmed. */
const visible = (text: string): string => text.replace(/\s+/g, ' ').trim();
const title = words
  .map((text) => visible(text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ')))
  .filter((text) => text !== '' && [...text].length <= 200);

describe('a mail that Belfry writes', () => {
  it('is read as the same subject, names and text, whatever the language', async () => {
    await fc.assert(
      fc.asyncProperty(title, title, fc.array(words, { maxLength: 8 }), async (subject, name, lines) => {
        const text = lines
          .map((line) => line.replace(/\p{Cc}/gu, ' '))
          .join('\n')
          .trim();
        const mail = await read(
          write({ subject, from: { name, address: 'ant-bounces@example.com' }, body: { text } }),
        );
        expect(visible(mail.subject ?? '')).toBe(subject);
        expect(mail.from?.value.map((one) => [visible(one.name), one.address])).toEqual([
          [name, 'ant-bounces@example.com'],
        ]);
        expect((mail.text ?? '').trim()).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('is read as the same text where quoted-printable has much to quote', async () => {
    const pieces = fc.constantFrom('=3D', '=', ' ', '\t', '.', 'ü', 'plain words', 'x'.repeat(75), '\n');
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), async (parts) => {
        const text = `Grüße, ${'plain words '.repeat(100)}${parts.join('')}.`;
        const mail = write({ body: { text } });
        expect(header(mail)).toContain('quoted-printable');
        expect((await read(mail)).text?.trimEnd()).toBe(text);
      }),
    );
  });

  it('has no line of more than 998 bytes, no bare line end, and ASCII alone', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 3000 }),
        fc.string({ unit: 'binary', maxLength: 3000 }),
        (subject, text) => {
          const mail = write({ subject, to: { name: subject, address: 'a@example.org' }, body: { text } });
          const lines = mail.toString('latin1').split('\r\n');
          expect(lines.filter((line) => line.length > 998 || /[\r\n\0\u0080-\u00ff]/.test(line))).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has the headers that we gave it and no others, whatever a subject or a name says', () => {
    const names = header(write({ answers: { messageId: '<a@b.c>', references: [] } })).match(/^[^\s:]+/gm);
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('\r', '\n', '\r\n', ' ', '\t', '\0', '\u2028', 'Bcc: x@y.z', 'ä'),
        }),
        (evil) => {
          const mail = write({
            subject: evil,
            from: { name: evil, address: 'a@example.org' },
            answers: { messageId: '<a@b.c>', references: [] },
          });
          expect(header(mail).match(/^[^\s:]+/gm)).toEqual(names);
        },
      ),
    );
  });

  it('says us-ascii and 7bit where it can, quoted-printable for some letters, base64 for many', () => {
    const said = (text: string) =>
      header(write({ body: { text } })).match(/(?<=charset=)\S+|(?<=Encoding: )\S+/g);
    expect(said('plain')).toEqual(['us-ascii', '7bit']);
    expect(said('Viele Grüße aus Köln')).toEqual(['utf-8', 'quoted-printable']);
    expect(said('日本語のメール')).toEqual(['utf-8', 'base64']);
    expect(said('x'.repeat(2000))).toEqual(['us-ascii', 'quoted-printable']);
  });

  it('encloses a mail byte for byte, however large, and says 8bit when it has such bytes', async () => {
    const original = Buffer.concat([
      Buffer.from('Subject: Gr\xfc\xdfe\r\nContent-Type: text/plain; charset=latin1\r\n\r\n', 'latin1'),
      Buffer.alloc(5_000_000, 'Zeile mit \xe4, lang genug\r\n.\r\n', 'latin1'),
    ]);
    const mail = write({ body: { text: 'enclosed', attached: [original] } });
    expect(mail.includes(Buffer.concat([Buffer.from('\r\n\r\n'), original, Buffer.from('\r\n--')]))).toBe(
      true,
    );
    expect(mail.toString('latin1', 0, 1000).match(/(?<=Encoding: )\S+/g)).toEqual(['8bit', '7bit', '8bit']);
    const { text } = await read(
      write({ body: { text: 'enclosed', attached: [Buffer.from('a: b\r\n\r\nc')] } }),
    );
    expect(text).toContain('enclosed');
  });

  it('is not taken apart by a mail that knows its boundary', () => {
    const evil = Buffer.from(
      'Subject: x\r\n\r\n--=_f00d\r\nContent-Type: text/html\r\n\r\nevil\r\n--=_f00d--\r\n',
    );
    const mail = write({ body: { text: 'enclosed', attached: [evil] } }).toString();
    const boundary = /boundary="([^"]+)"/.exec(mail)?.[1] ?? '';
    expect(mail.split(`--${boundary}\r\n`)).toHaveLength(3);
    expect(mail.split(`--${boundary}--`)).toHaveLength(2);
  });

  it('is bulk unless that is switched off, and tells whether it is an answer', () => {
    expect(header(write({}))).toContain('\r\nAuto-Submitted: auto-generated\r\nPrecedence: bulk\r\n');
    const reply = header(write({ bulk: false, answers: { messageId: '<b@c>', references: ['<a@c>'] } }));
    expect(reply).not.toContain('Precedence');
    expect(reply).toContain(
      'In-Reply-To: <b@c>\r\nReferences: <a@c> <b@c>\r\nAuto-Submitted: auto-replied\r\n',
    );
  });
});
