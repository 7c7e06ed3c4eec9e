import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loop } from '../../lib/rules/loop.ts';
import { maxSize } from '../../lib/rules/max-size.ts';
import { noSenders } from '../../lib/rules/no-senders.ts';
import { noSubject } from '../../lib/rules/no-subject.ts';
import { ownerLoop } from '../../lib/rules/owner-loop.ts';
import { rules } from '../../lib/rules/rules.ts';
import { truth } from '../../lib/rules/truth.ts';
import { contextOf } from './context.ts';

const hit = (rule: (typeof rules)[number], ...mail: Parameters<typeof contextOf>) =>
  rule.check(contextOf(...mail)).hit;

describe('no-senders', () => {
  it.each([
    ['a From', 'From: a@example.org\r\n\r\n', '', false],
    ['only an envelope sender', 'Subject: x\r\n\r\n', 'a@example.org', false],
    ['only a Sender', 'Sender: a@example.org\r\n\r\n', '', false],
    ['only a Reply-To', 'Reply-To: a@example.org\r\n\r\n', '', false],
    ['nobody', 'Subject: x\r\n\r\n', '', true],
    ['a From without address', 'From: Anne Person\r\n\r\n', '', true],
    ['a From with a local name alone', 'From: anne\r\n\r\n', '', true],
    ['an empty group', 'From: undisclosed:;\r\n\r\n', '', true],
  ])('%s', (_, mail, sender, expected) => {
    expect(hit(noSenders, mail, { sender })).toBe(expected);
  });
});

describe('loop', () => {
  it.each([
    ['the header that this list writes', '<mailto:ant@example.com>', true],
    ['the bare address, as Mailman compares it', 'ant@example.com', true],
    ['any letter case', '<MAILTO:Ant@Example.COM>', true],
    ['one of several URLs', '<https://example.com/post>,\r\n <mailto:ant@example.com>', true],
    ['a URL with a query', '<mailto:ant@example.com?subject=x>', true],
    ['an escaped at sign', '<mailto:ant%40example.com>', true],
    ['another list', '<mailto:bee@example.com>', false],
    ['a list whose name ends like this one', '<mailto:giant@example.com>', false],
    ['a host that begins like this one', '<mailto:ant@example.com.example.net>', false],
    ['no posting', 'NO', false],
    ['nothing', '', false],
  ])('%s', (_, value, expected) => {
    expect(hit(loop, `From: a@example.org\r\nLIST-post: ${value}\r\n\r\n`)).toBe(expected);
  });

  it('looks at every List-Post', () => {
    expect(
      hit(loop, 'List-Post: <mailto:bee@example.com>\r\nList-Post: <mailto:ant@example.com>\r\n\r\n'),
    ).toBe(true);
  });

  it('misses a mail without List-Post, and one that only talks of it in its body', () => {
    expect(hit(loop, 'From: a@example.org\r\n\r\nList-Post: <mailto:ant@example.com>\r\n')).toBe(false);
  });
});

describe('owner-loop', () => {
  it.each([
    ['X-BeenThere: ant-owner@example.com', true],
    ['x-beenthere: ANT-owner@example.com', true],
    ['X-BeenThere: bee-owner@example.com', false],
    ['X-BeenThere: ant@example.com', false],
    ['List-Post: <mailto:ant@example.com>', false],
    ['Delivered-To: ant-owner@example.com', false],
  ])('%s', (line, expected) => {
    expect(hit(ownerLoop, `From: a@example.org\r\n${line}\r\n\r\n`)).toBe(expected);
  });
});

describe('max-size', () => {
  it.each([
    ['below the limit', 40, 40 * 1024 - 1, false],
    ['at the limit', 40, 40 * 1024, false],
    ['above the limit', 40, 40 * 1024 + 1, true],
    ['no limit', 0, 1e9, false],
  ])('%s', (_, max_message_size, size, expected) => {
    expect(hit(maxSize, '\r\n', { size, settings: { max_message_size } })).toBe(expected);
  });

  it('says in its reason how large the mail is and what the list lets through', () => {
    const { reason } = maxSize.check(
      contextOf('\r\n', { size: 50 * 1024, settings: { max_message_size: 40 } }),
    );
    expect(reason).toMatch(/50 KB.*40 KB/);
  });
});

describe('no-subject', () => {
  it.each([
    ['a subject', 'Subject: hello', false],
    ['any letter case', 'SUBJECT: hello', false],
    ['an encoded subject', 'Subject: =?utf-8?b?4oKs?=', false],
    ['a subject on the next line', 'Subject:\r\n hello', false],
    ['none', 'X-Subject: hello', true],
    ['an empty one', 'Subject:', true],
    ['a blank one', 'Subject: \t \r\n  ', true],
    ['a blank one in an encoded word', 'Subject: =?utf-8?q?_=20?=', true],
  ])('%s', (_, line, expected) => {
    expect(hit(noSubject, `From: a@example.org\r\n${line}\r\n\r\n`)).toBe(expected);
  });
});

describe('truth', () => {
  it('always hits, and leaves no record', () => {
    expect(hit(truth, '\r\n')).toBe(true);
    expect(truth.record).toBe(false);
  });
});

describe('every rule', () => {
  it('answers for any bytes, and says why when it hits', () => {
    const lines = fc.constantFrom('List-Post', 'Subject', 'From', 'X-BeenThere', 'Reply-To');
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[<>@:;,"()\\=?a.% \t]{0,40}$/),
    );
    const mails = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc
        .array(fc.tuple(lines, values), { maxLength: 8 })
        .map((fields) =>
          Buffer.from(`${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\nbody`),
        ),
    );
    fc.assert(
      fc.property(mails, fc.string(), fc.nat(), (mail, sender, size) => {
        const context = contextOf(mail, { sender, size });
        for (const rule of rules) {
          const result = rule.check(context);
          if (rule.record) expect(result.hit).toBe(result.reason !== undefined);
          expect(result.hit && result.missed !== undefined).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
