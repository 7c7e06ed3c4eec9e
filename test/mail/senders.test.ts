import { describe, expect, it } from 'vitest';
import { siteSettings } from '../../lib/config/site-settings.ts';
import { parseHeaderBlock } from '../../lib/mail/header-block.ts';
import { sendersOf } from '../../lib/mail/senders.ts';

const senders = (mail: string, envelopeSender = '', headers = siteSettings.mailman.sender_headers.fallback) =>
  sendersOf(parseHeaderBlock(Buffer.from(mail)), envelopeSender, headers);

describe('the senders of a mail', () => {
  it('come from From, the envelope, Reply-To and Sender, in this order, in lower case, with repetitions', () => {
    const mail = 'Sender: D@example.org\r\nReply-To: c@example.org\r\nFrom: A@Example.org\r\n\r\n';
    expect(senders(mail, 'B@example.org')).toEqual([
      'a@example.org',
      'b@example.org',
      'c@example.org',
      'd@example.org',
    ]);
    expect(senders('From: a@example.org\r\n\r\n', 'a@example.org')).toEqual([
      'a@example.org',
      'a@example.org',
    ]);
  });

  it('come in the order that the site says', () => {
    expect(senders('From: a@example.org\r\n\r\n', 'b@example.org', ['FROM_', 'From'])).toEqual([
      'b@example.org',
      'a@example.org',
    ]);
  });

  it.each([
    [
      'several in one header',
      'From: a@example.org, "B, C." <b@example.org>',
      ['a@example.org', 'b@example.org'],
    ],
    ['several headers', 'From: a@example.org\r\nFrom: b@example.org', ['a@example.org', 'b@example.org']],
    ['a group', 'From: us: a@example.org, b@example.org;', ['a@example.org', 'b@example.org']],
    ['an encoded name', 'From: =?utf-8?q?=C3=84nne?= <a@example.org>', ['a@example.org']],
    ['a name that pretends to be an address', 'From: "b@example.net" <a@example.org>', ['a@example.org']],
    [
      'an encoded word that pretends',
      'From: =?utf-8?q?b=40example=2Enet=2C?= <a@example.org>',
      ['a@example.org'],
    ],
    ['a folded header', 'From: Anne\r\n\t<a@example.org>', ['a@example.org']],
    ['a raw UTF-8 name', 'From: Änne <a@example.org>', ['a@example.org']],
    ['no domain', 'From: anne', []],
    ['one label', 'From: anne@localhost', []],
    ['nothing', 'From:', []],
    ['one valid among others', 'From: anne, a@example.org, @, <>', ['a@example.org']],
  ])('%s', (_, lines, expected) => {
    expect(senders(`${lines}\r\n\r\n`)).toEqual(expected);
  });

  it('are nobody for the null sender alone', () => {
    expect(senders('Subject: x\r\n\r\n', '')).toEqual([]);
  });
});
