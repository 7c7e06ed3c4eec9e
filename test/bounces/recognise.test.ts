import { describe, expect, it } from 'vitest';
import type { Bounce, ReceivedMail } from '../../lib/bounces/bounce.ts';
import { recognise } from '../../lib/bounces/recognise.ts';
import { verpOptions } from './verp-options.ts';

const dsn = (recipient: string, action: string, status: string): Buffer =>
  Buffer.from(
    [
      'From: MAILER-DAEMON@example.net',
      'Subject: Delivery report',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
      '',
      '--x',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; example.net',
      '',
      `Final-Recipient: ${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      '',
      '--x--',
      '',
    ].join('\r\n'),
  );

const bouncesOf = (mail: ReceivedMail): readonly Bounce[] => {
  const recognition = recognise(mail, verpOptions);
  return recognition.kind === 'bounces' ? recognition.bounces : [];
};

const member = 'ant-bounces+anne=example.org@lists.example.com';

describe('the envelope recipient', () => {
  it('says whose bounce it is, whatever address the report has', () => {
    const bytes = dsn('rfc822; forwarded@example.net', 'failed', '5.2.2');
    expect(bouncesOf({ bytes, recipient: member })).toMatchObject([
      {
        address: 'anne@example.org',
        kind: 'permanent',
        why: 'mailbox-full',
        code: '5.2.2',
        detector: 'verp',
      },
    ]);
  });

  it('is split at the last equals sign', () => {
    const bytes = dsn('rfc822; x@example.net', 'failed', '5.1.1');
    const recipient = 'ant-bounces+a=b=example.org@lists.example.com';
    expect(bouncesOf({ bytes, recipient })).toMatchObject([{ address: 'a=b@example.org' }]);
  });

  it('does not make a failure of a delay', () => {
    const bytes = dsn('rfc822; anne@example.org', 'delayed', '4.4.1');
    expect(bouncesOf({ bytes, recipient: member })).toMatchObject([
      { address: 'anne@example.org', kind: 'temporary' },
    ]);
  });

  it('does not make a bounce of a success, nor of an answer', () => {
    const success = dsn('rfc822; anne@example.org', 'delivered', '2.1.5');
    expect(recognise({ bytes: success, recipient: member }, verpOptions)).toEqual({
      kind: 'no-bounce',
      because: 'success-report',
    });
    const answer = Buffer.from(
      'From: anne@example.org\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nAway.\r\n',
    );
    expect(recognise({ bytes: answer, recipient: member }, verpOptions)).toEqual({
      kind: 'no-bounce',
      because: 'out-of-office',
    });
  });

  it('names the member where the report names nobody', () => {
    const bytes = Buffer.from(
      'From: MAILER-DAEMON@example.net\r\nSubject: Sorry\r\n\r\nYour message could not be delivered: mailbox full.\r\n',
    );
    expect(bouncesOf({ bytes })).toEqual([]);
    expect(bouncesOf({ bytes, recipient: member })).toMatchObject([
      { address: 'anne@example.org', kind: 'permanent', why: 'mailbox-full', detector: 'verp' },
    ]);
  });

  it('is not read from the headers when it is known', () => {
    const bytes = Buffer.concat([
      Buffer.from(`To: ${member}\r\n`),
      dsn('rfc822; bart@example.org', 'failed', '5.1.1'),
    ]);
    expect(bouncesOf({ bytes, recipient: 'ant-bounces@lists.example.com' })).toMatchObject([
      { address: 'bart@example.org' },
    ]);
    expect(bouncesOf({ bytes })).toMatchObject([{ address: 'anne@example.org' }]);
  });

  it('with the token of a probe is nobody by itself', () => {
    const bytes = dsn('rfc822; bart@example.org', 'failed', '5.1.1');
    const recipient = 'ant-bounces+0123456789abcdef@lists.example.com';
    expect(bouncesOf({ bytes, recipient })).toMatchObject([{ address: 'bart@example.org', detector: 'dsn' }]);
  });
});

describe('a delivery status', () => {
  it.each([
    ['rfc822; bart@example.org'],
    ['RFC822;<bart@example.org>'],
    ['bart@example.org'],
    ['local; bart@example.org'],
    ['rfc822; "Bart" <bart@example.org> (a member)'],
    ['smtp; SMTP=bart@example.org'],
  ])('names its recipient as %s', (recipient) => {
    const bytes = dsn(recipient, 'failed', '5.1.1');
    expect(bouncesOf({ bytes })).toMatchObject([{ address: 'bart@example.org', kind: 'permanent' }]);
  });

  it('has its escaped characters read (RFC 6533, section 3)', () => {
    const bytes = dsn(String.raw`utf-8; b\x{E4}r@example.org`, 'failed', '5.1.1');
    expect(bouncesOf({ bytes })).toMatchObject([{ address: 'bär@example.org' }]);
  });

  it.each([
    ['failed', '4.4.7', 'permanent'],
    ['failed', '5.1.1', 'permanent'],
    ['Failed (bounced)', '5.1.1', 'permanent'],
    ['delayed', '4.2.2', 'temporary'],
    ['', '5.1.1', 'permanent'],
    ['', '4.2.2', 'temporary'],
  ])('with the action "%s" and the status %s is %s', (action, status, kind) => {
    expect(bouncesOf({ bytes: dsn('rfc822; bart@example.org', action, status) })).toMatchObject([{ kind }]);
  });
});

describe('the reason', () => {
  it.each([
    ['5.1.1', 'user-unknown'],
    ['5.1.2', 'host-unknown'],
    ['5.1.10', 'host-unknown'],
    ['5.2.1', 'mailbox-disabled'],
    ['5.2.2', 'mailbox-full'],
    ['5.3.4', 'too-large'],
    ['5.4.6', 'loop'],
    ['4.4.7', 'expired'],
    ['5.6.0', 'content'],
    ['5.7.1', 'blocked'],
    ['5.7.26', 'dmarc'],
    ['5.7.1 (rejected by the DMARC policy of example.org)', 'dmarc'],
    ['5.7.1 (user unknown)', 'user-unknown'],
    ['5.0.0', 'other'],
  ])('of %s is %s', (status, why) => {
    expect(bouncesOf({ bytes: dsn('rfc822; bart@example.org', 'failed', status) })).toMatchObject([{ why }]);
  });
});
