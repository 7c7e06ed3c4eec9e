import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryPlan } from '../../lib/delivery/delivery-plan.ts';
import { sesCopy } from '../../lib/ses/ses-copy.ts';
import { bodyOf, linesOf, mailOf, planOf } from './fixtures.ts';

const anne = 'From: Anne Person <anne@example.org>';
const copyOf = (lines: readonly string[], more: Partial<DeliveryPlan> = {}, text?: string): Buffer =>
  sesCopy(mailOf(lines, text), { plan: planOf(more) });

describe('who a post is from', () => {
  it('is its list, via which the author speaks, and answers reach the author', () => {
    const copy = copyOf([anne]);
    expect(linesOf(copy, 'from', 'reply-to', 'cc')).toEqual([
      'Reply-To: Anne Person <anne@example.org>',
      'From: Anne Person via Ant <ant@lists.example.com>',
    ]);
  });

  it('has the author in Cc when the list wants answers elsewhere', () => {
    const copy = copyOf([anne, 'Reply-To: ant@lists.example.com', 'Cc: bart@example.org'], {
      answers_to_author: false,
    });
    expect(linesOf(copy, 'reply-to', 'cc')).toEqual([
      'Reply-To: ant@lists.example.com',
      'Cc: bart@example.org, Anne Person <anne@example.org>',
    ]);
  });

  it('names nobody twice', () => {
    const copy = copyOf([anne, 'Reply-To: ANNE@example.org']);
    expect(linesOf(copy, 'reply-to')).toEqual(['Reply-To: ANNE@example.org']);
  });

  it('keeps the domain of an address out of the name', () => {
    expect(linesOf(copyOf(['From: anne@example.org']), 'from')).toEqual([
      'From: anne--- via Ant <ant@lists.example.com>',
    ]);
  });

  it('is munged also for an author of the same domain, and for several authors', () => {
    const copy = copyOf(['From: anne@lists.example.com, bart@example.org']);
    expect(linesOf(copy, 'from', 'reply-to')).toEqual([
      'Reply-To: anne@lists.example.com, bart@example.org',
      'From: anne--- via Ant <ant@lists.example.com>',
    ]);
  });

  it('stays as a handler made it before', () => {
    const lines = ['From: Anne via Ant <ant@lists.example.com>', 'Reply-To: anne@example.org'];
    expect(linesOf(copyOf(lines), 'from', 'reply-to')).toEqual(lines);
  });

  it('is the list alone when nobody wrote it, or nobody that can be read', () => {
    expect(linesOf(copyOf(['From: ???']), 'from')).toEqual(['From: Ant <ant@lists.example.com>']);
    expect(linesOf(copyOf(['Subject: x']), 'from')).toEqual(['From: Ant <ant@lists.example.com>']);
  });

  it('reads names in any language', () => {
    const copy = copyOf(['From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>'], {
      list: { address: 'ant@lists.example.com', name: 'Größe' },
    });
    expect(linesOf(copy, 'from')).toEqual([
      `From: =?utf-8?b?${Buffer.from('Jürgen via Größe').toString('base64')}?= <ant@lists.example.com>`,
    ]);
  });
});

describe('who a mail is from that is no post', () => {
  it('is the owner address for mail to the owners, and never the posting address', () => {
    expect(linesOf(copyOf([anne], { voice: 'owner' }), 'from', 'reply-to')).toEqual([
      'Reply-To: Anne Person <anne@example.org>',
      'From: Anne Person via Ant <ant-owner@lists.example.com>',
    ]);
    const fromTheList = copyOf(['From: ant@lists.example.com'], { voice: 'owner' });
    expect(linesOf(fromTheList, 'from')).toEqual(['From: ant--- via Ant <ant-owner@lists.example.com>']);
  });

  it.each(['ant-owner', 'ant-bounces', 'ant-request', 'ant-confirm+0123', 'noreply'])(
    'stays %s of its own domain for a notice',
    (local) => {
      const from = `From: ${local}@lists.example.com`;
      expect(linesOf(copyOf([from], { voice: 'notice' }), 'from', 'reply-to')).toEqual([from]);
    },
  );

  it('is the owner address for a notice of somebody else, or of the posting address', () => {
    expect(linesOf(copyOf([anne], { voice: 'notice' }), 'from', 'reply-to')).toEqual([
      'Reply-To: Anne Person <anne@example.org>',
      'From: Anne Person via Ant <ant-owner@lists.example.com>',
    ]);
    const fromTheList = copyOf(['From: Ant <ant@lists.example.com>'], { voice: 'notice' });
    expect(linesOf(fromTheList, 'from', 'reply-to')).toEqual([
      'From: Ant via Ant <ant-owner@lists.example.com>',
    ]);
  });
});

describe('the header', () => {
  it('loses what SES refuses or obeys, and nothing else', () => {
    const gone = [
      'DKIM-Signature: v=1; d=example.org',
      'DKIM-Signature: v=1; d=example.net',
      'Sender: anne@example.org',
      'Return-Path: <anne@example.org>',
      'Delivered-To: ant@lists.example.com',
      'Bcc: cris@example.org',
      'Feedback-ID: mine',
      'X-SES-CONFIGURATION-SET: mine',
      'x-ses-message-tags: list=other',
    ];
    const kept = [
      'Received: from a',
      'Received: from b',
      'Authentication-Results: mx; dkim=pass',
      'ARC-Seal: i=1; a=rsa-sha256',
      'Resent-From: dirk@example.org',
      'X-Sesame: open',
      'Subject: hello',
    ];
    const copy = copyOf(['From: ant@lists.example.com', ...gone, ...kept]).toString();
    expect(copy).toBe(mailOf(['From: ant@lists.example.com', ...kept]).toString());
  });

  it('ends at a line that is no field, so that nothing behind it steers our account or has SES refuse us', () => {
    const behind = [
      'no field',
      'X-SES-CONFIGURATION-SET: mine',
      'From: eve@example.net',
      'Bcc: cris@example.org',
    ];
    const copy = copyOf(['From: ant@lists.example.com', 'Subject: hello', ...behind]).toString();
    expect(copy).toBe(mailOf(['From: ant@lists.example.com', 'Subject: hello', '', ...behind]).toString());
  });

  it('has each field once that SES takes once, the first of them, and all the addresses', () => {
    const copy = copyOf([
      'From: ant@lists.example.com',
      'Subject: first',
      'Subject: second',
      'List-Unsubscribe: <mailto:ant-leave@lists.example.com>',
      'List-Unsubscribe: <https://example.org/>',
      'To: a@example.org',
      'To: b@example.org',
    ]);
    expect(linesOf(copy, 'subject', 'list-unsubscribe', 'to')).toEqual([
      'Subject: first',
      'List-Unsubscribe: <mailto:ant-leave@lists.example.com>',
      'To: a@example.org, b@example.org',
    ]);
  });

  it('names only what is an address, in ASCII', () => {
    const copy = copyOf([
      'From: ant@lists.example.com',
      'To: ant@lists.example.com, nobody, Jürgen <jürgen@example.org>',
      'Cc: Müller <mueller@größe.example>, a..b@example.org',
      'Reply-To: undisclosed',
      'Subject: schöne Grüße',
    ]);
    expect(linesOf(copy, 'to', 'cc', 'reply-to', 'subject')).toEqual([
      'To: ant@lists.example.com',
      `Cc: =?utf-8?b?${Buffer.from('Müller').toString('base64')}?= <mueller@xn--gre-6ka8i.example>`,
      `Subject: =?utf-8?b?${Buffer.from('schöne Grüße').toString('base64')}?=`,
    ]);
  });

  it('keeps a list of nobody', () => {
    const lines = ['From: ant@lists.example.com', 'To: undisclosed-recipients:;'];
    expect(copyOf(lines).toString()).toBe(mailOf(lines).toString());
  });

  it('is folded where its lines are too long, and loses what cannot be', () => {
    const ids = Array.from({ length: 40 }, (_, n) => `<${'x'.repeat(30)}${n}@example.org>`);
    const copy = copyOf([
      'From: ant@lists.example.com',
      `References: ${ids.join(' ')}`,
      `Subject: ${'long'.repeat(300)}`,
      `X-Spam-Report: ${'y'.repeat(1200)}`,
    ]);
    expect(linesOf(copy, 'references')).toEqual([`References: ${ids.join(' ')}`]);
    const [subject = ''] = linesOf(copy, 'subject');
    const words = [...subject.matchAll(/=\?utf-8\?b\?([^?]+)\?=/g)].map(([, word = '']) => word);
    expect(Buffer.concat(words.map((word) => Buffer.from(word, 'base64'))).toString()).toBe(
      'long'.repeat(300),
    );
    expect(linesOf(copy, 'x-spam-report')).toEqual([]);
    expect(
      Math.max(
        ...copy
          .toString()
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(78);
  });
});

describe('the Message-ID', () => {
  const first = '<first@example.org>';
  const own = '<own@example.org>';
  const referencesOf = (lines: readonly string[]) =>
    linesOf(copyOf(['From: ant@lists.example.com', ...lines]), 'references');

  it('stands last in References, behind what the author answered', () => {
    expect(referencesOf([`Message-ID: ${own}`])).toEqual([`References: ${own}`]);
    expect(referencesOf([`Message-ID: ${own}`, `References: ${first} <second@example.org>`])).toEqual([
      `References: ${first} <second@example.org> ${own}`,
    ]);
  });

  it('stands behind the parent when only In-Reply-To names it', () => {
    expect(referencesOf([`Message-ID: ${own}`, `In-Reply-To: ${first}`])).toEqual([
      `References: ${first} ${own}`,
    ]);
  });

  it('stands there once', () => {
    expect(referencesOf([`Message-ID: ${own}`, `References: ${own} ${first}`])).toEqual([
      `References: ${first} ${own}`,
    ]);
    expect(referencesOf([`Message-ID: ${own}`, `References: ${first} ${own}`])).toEqual([
      `References: ${first} ${own}`,
    ]);
  });

  it('changes nothing when there is none', () => {
    expect(referencesOf([`References: ${first}`])).toEqual([`References: ${first}`]);
  });
});

describe('lines of more than 998 bytes', () => {
  const long = `${'ünd so weiter '.repeat(90)}\r\n`;
  const ascii = `${'and so on '.repeat(120)}=\r\nshort\r\n`;
  const from = 'From: ant@lists.example.com';
  const decode = (text: string): string =>
    Buffer.from(
      text
        .replace(/=\r\n/g, '')
        .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ).toString();

  it('become quoted-printable in a text that is mostly ASCII', () => {
    const copy = copyOf([from, 'Content-Transfer-Encoding: 8bit'], {}, ascii);
    expect(linesOf(copy, 'content-transfer-encoding', 'mime-version')).toEqual([
      'Content-Transfer-Encoding: quoted-printable',
      'MIME-Version: 1.0',
    ]);
    expect(decode(bodyOf(copy))).toBe(ascii);
  });

  it('become base64 in a text that is mostly not, and in what is no text', () => {
    const japanese = `${'長い行'.repeat(400)}\r\n`;
    const copy = copyOf([from, 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8'], {}, japanese);
    expect(linesOf(copy, 'content-transfer-encoding')).toEqual(['Content-Transfer-Encoding: base64']);
    expect(Buffer.from(bodyOf(copy), 'base64').toString()).toBe(japanese);
    const data = copyOf([from, 'MIME-Version: 1.0', 'Content-Type: application/json'], {}, ascii);
    expect(Buffer.from(bodyOf(data), 'base64').toString()).toBe(ascii);
  });

  it('are broken anew in base64 that came in one line', () => {
    const bytes = Buffer.from('one long line '.repeat(200));
    const lines = [from, 'MIME-Version: 1.0', 'Content-Type: image/png', 'Content-Transfer-Encoding: base64'];
    const copy = copyOf(lines, {}, `${bytes.toString('base64')}\r\n`);
    expect(Buffer.from(bodyOf(copy), 'base64').equals(bytes)).toBe(true);
    expect(bodyOf(copy).split('\r\n')[0]).toHaveLength(76);
  });

  it('touch no byte of the other parts', () => {
    const before = [
      '--b',
      'Content-Type: text/plain',
      '',
      'ümlaut in 8bit',
      '--b',
      'Content-Type: text/html',
    ];
    const after = [
      '--b',
      'Content-Type: image/png',
      'Content-Transfer-Encoding: base64',
      '',
      'AAAA',
      '--b--',
      'epilogue',
      '',
    ];
    const multipart = [from, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'];
    const body = [...before, '', long, ...after].join('\r\n');
    const copy = copyOf(multipart, {}, body);
    const encoded = bodyOf(copy);
    const original = Buffer.from(body).toString('latin1');
    const untouched = (lines: readonly string[]) => Buffer.from(lines.join('\r\n')).toString('latin1');
    expect(original.startsWith(untouched(before))).toBe(true);
    expect(
      encoded.startsWith(`${untouched(before)}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`),
    ).toBe(true);
    expect(encoded.endsWith(`\r\n${untouched(after)}`)).toBe(true);
    const part = encoded.slice(
      encoded.indexOf('quoted-printable') + 20,
      encoded.indexOf('\r\n--b\r\nContent-Type: image'),
    );
    expect(decode(part)).toBe(long);
  });

  it('are encoded within a mail that is enclosed', () => {
    const inner = `Subject: inner\r\n\r\n${ascii}`;
    const copy = copyOf(
      [from, 'MIME-Version: 1.0', 'Content-Type: message/rfc822'],
      { voice: 'notice' },
      inner,
    );
    expect(
      bodyOf(copy).startsWith('Subject: inner\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'),
    ).toBe(true);
  });

  it('stay where a signature covers them', () => {
    const lines = [from, 'MIME-Version: 1.0', 'Content-Type: multipart/signed; boundary=s'];
    const body = `--s\r\n\r\n${long}--s\r\nContent-Type: application/pgp-signature\r\n\r\nsig\r\n--s--\r\n`;
    expect(copyOf(lines, {}, body).toString()).toBe(mailOf(lines, body).toString());
  });
});

describe('any mail', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'From: anne@example.org',
      'From: "Anne, the Person" <anne@example.org>, bart@example.org',
      'To: ant@lists.example.com',
      'Cc: nobody, Jürgen <j@größe.example>',
      'Reply-To: x@example.org',
      'Message-ID: <own@example.org>',
      'References: <a@b> <c@d>',
      'In-Reply-To: <e@f>',
      'Sender: x@example.org',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      `X-Long: ${'z'.repeat(1100)}`,
      'no field at all',
    ),
    fc.string({ maxLength: 40 }),
  );
  const text = fc.array(
    fc.oneof(fc.constantFrom('--b', '--b--', 'Content-Type: text/html', '', 'w'.repeat(1500)), fc.string()),
    { maxLength: 12 },
  );
  const plan = fc
    .constantFrom('post' as const, 'owner' as const, 'notice' as const)
    .map((voice) => planOf({ voice }));

  it('is made once: a copy of the copy is the copy', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), text, plan, (lines, body, one) => {
        const copy = sesCopy(mailOf(lines, body.join('\r\n')), { plan: one });
        expect(sesCopy(copy, { plan: one }).toString('latin1')).toBe(copy.toString('latin1'));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its body byte for byte unless a line is too long', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), plan, (lines, one) => {
        const body = Buffer.concat(lines.map((bytes) => Buffer.concat([bytes, Buffer.from('\r\n')])));
        const copy = sesCopy(Buffer.concat([mailOf(['From: anne@example.org'], ''), body]), { plan: one });
        expect(copy.subarray(copy.indexOf('\r\n\r\n') + 4).equals(body)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
