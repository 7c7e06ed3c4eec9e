import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReceivedMail } from '../../lib/bounces/bounce.ts';
import { detectors } from '../../lib/bounces/detectors.ts';
import { recogniseCounted } from '../../lib/bounces/recognise.ts';
import { reportText } from '../../lib/bounces/report-text.ts';
import { decoded, parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { mimeParts } from '../../lib/mail/mime-parts.ts';
import { decodedBytes } from '../../lib/mail/part-text.ts';
import { samples } from './samples.ts';
import { verpOptions } from './verp-options.ts';

const sample = fc.constantFrom(...samples.map(({ bytes }) => bytes));

/** A sample to which something was done on its way. */
const mutated = fc
  .tuple(sample, fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 12 }), fc.nat(8)), { maxLength: 12 }))
  .map(([bytes, edits]) =>
    edits.reduce((mail, [place, insert, cut]) => {
      const at = place % (mail.length + 1);
      return Buffer.concat([mail.subarray(0, at), insert, mail.subarray(at + cut)]);
    }, bytes),
  );

const truncated = fc.tuple(sample, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1)));
const joined = fc.array(sample, { minLength: 2, maxLength: 4 }).map((all) => Buffer.concat(all));
const crossed = fc
  .tuple(sample, sample, fc.nat(), fc.nat())
  .map(([one, other, from, to]) =>
    Buffer.concat([one.subarray(0, from % one.length), other.subarray(to % other.length)]),
  );
const random = fc.uint8Array({ maxLength: 4000 }).map((bytes) => Buffer.from(bytes));

/** Lines that detectors wait for, in no order. */
const shuffled = fc.tuple(sample, fc.infiniteStream(fc.nat())).map(([bytes, random]) => {
  const lines = bytes.toString('latin1').split('\n');
  const order = lines.map((line) => ({ line, key: random.next().value ?? 0 }));
  return Buffer.from(
    order
      .sort((one, other) => one.key - other.key)
      .map(({ line }) => line)
      .join('\n'),
    'latin1',
  );
});

const bytes = fc.oneof(mutated, truncated, joined, crossed, random, shuffled);
const envelope = fc.constantFrom<Partial<ReceivedMail>>(
  {},
  { sender: '' },
  { sender: '', recipient: 'ant-bounces+anne=example.org@lists.example.com' },
  { recipient: 'ant-bounces+token@lists.example.com' },
);

// What a line costs each detector at most: it is looked at by several patterns, and an address has its reason looked for nearby.
const stepsPerByte = 8 * detectors.length;

/** All that a person could find in a mail with its parts decoded, in lower case. */
const allText = (mail: Buffer): string => {
  const block = parseHeaderBlock(mail);
  const texts = [mail.toString('latin1'), mail.toString('utf8'), ...block.fields.map(decoded)];
  for (const part of mimeParts(block)) {
    const body = decodedBytes(part);
    texts.push(reportText(part.charset, body, false), body.toString('latin1'), ...part.fields.map(decoded));
  }
  // Escapes of HTML and of RFC 6533 are read as what they stand for.
  return texts.join('\n').toLowerCase();
};

describe('whatever comes to the bounce address', () => {
  it('is read without an error, in steps that grow with its size and no faster', () => {
    fc.assert(
      fc.property(bytes, envelope, (mail, given) => {
        const { steps } = recogniseCounted({ bytes: mail, ...given }, verpOptions);
        expect(steps).toBeLessThanOrEqual(stepsPerByte * (mail.length + 1));
      }),
      { numRuns: 1500 },
    );
  });

  it('yields no address that is neither in the mail nor in its envelope', () => {
    fc.assert(
      fc.property(bytes, envelope, (mail, given) => {
        const { recognition } = recogniseCounted({ bytes: mail, ...given }, verpOptions);
        if (recognition.kind !== 'bounces') return;
        const within = `${allText(mail)}\n${given.recipient ?? ''}`;
        for (const { address } of recognition.bounces) {
          const [local = '', domain = ''] = address.toLowerCase().split('@');
          expect(within).toContain(local);
          expect(within).toContain(domain);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['at signs', '@'],
    ['halves of addresses', 'a@'],
    ['open brackets', '<'],
    ['blanks', ' '],
    ['words', 'user '],
    ['labels', 'to: '],
    ['recipients', 'Final-Recipient: rfc822; a@example.com\n'],
    ['recipients between blank lines', 'Final-Recipient: rfc822; a@example.com\nAction: failed\n\n'],
    ['addresses', '<a@example.com>\n'],
    ['headings', 'The following addresses had permanent fatal errors\n<a@example.com>\n'],
    ['boundaries', '--x\nContent-Type: text/plain\n\n'],
    ['nested parts', '--x\nContent-Type: multipart/mixed; boundary=x\n\n'],
  ])('is read in steps that do not grow faster when it is full of %s', (_, text) => {
    const head =
      'From: MAILER-DAEMON@example.net\nSubject: failure notice\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: text/plain\n\nYour message could not be delivered:\n';
    const steps = (size: number): number => {
      const mail = Buffer.from(head + text.repeat(Math.ceil(size / text.length)));
      return recogniseCounted({ bytes: mail }, verpOptions).steps;
    };
    expect(steps(40_000)).toBeLessThanOrEqual(5 * steps(10_000) + stepsPerByte * 100);
  });
});
