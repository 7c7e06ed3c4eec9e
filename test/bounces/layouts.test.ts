import { describe, expect, it } from 'vitest';
import { recipientAddress } from '../../lib/bounces/recipient-field.ts';
import { recognise } from '../../lib/bounces/recognise.ts';
import { verpOptions } from './verp-options.ts';

const a = 'amy@client.example';

/** How programs that nobody knows may write who did not get a mail. */
const layouts: readonly string[] = [
  `  ${a}`,
  `1. ${a}`,
  `1) ${a}`,
  `→ ${a}`,
  `=> ${a}`,
  `-> ${a}`,
  `--> <${a}>`,
  `"Amy" <${a}>`,
  `Amy B. <${a}>`,
  `Amy [${a}]`,
  `Amy (${a})`,
  `Amy [SMTP:${a}]`,
  `SMTP:${a}`,
  `smtp;${a}`,
  `<mailto:${a}>`,
  `${a} <mailto:${a}>`,
  `Amy<mailto:${a}>`,
  `* ${a}: 550 5.1.1 unknown`,
  `'${a}'`,
  `''${a}''`,
  `"'${a}'" <${a}>`,
  `• ${a}`,
  `o ${a}`,
  `Recipient: ${a}`,
  `To: ${a}`,
  `User: <${a}>`,
  `E-mail: ${a}`,
  `Address : ${a}`,
  `Failed address: ${a}`,
  `rcpt=${a}`,
  `[${a}]`,
  `{${a}}`,
  `(${a})`,
  `|${a}|`,
  `| ${a} | 550 unknown |`,
  `${a}; 550 unknown`,
  `${a}, 550 unknown`,
  `550 <${a}>... User unknown`,
  `550 ${a} unknown`,
  `>>> RCPT TO:<${a}>`,
  `RFC822;${a}`,
  `${a} (unrecoverable error)`,
  `\t<${a}>\t(unknown)`,
  `<${a}>: 550`,
  `${a}...User unknown`,
  `mailto:${a}`,
  `${a}:`,
  `${a}\n    Error: unknown`,
];

const intros: readonly string[] = [
  'Your message could not be delivered to the following recipients:\n\n',
  'Sorry, your mail was not delivered.\n\n',
  'Mail delivery failed:\n',
];

describe.each(intros)('behind "%s"', (intro) => {
  it.each(layouts.map((layout) => [layout]))('"%s" names the one, and nobody else does', (layout) => {
    const bytes = Buffer.from(
      [
        'From: Mail Delivery System <mailer-daemon@mx.example.net>',
        'To: ant-bounces@lists.example.org',
        'Subject: Undeliverable mail',
        '',
        `${intro}${layout}`,
        '',
        'For help contact postmaster@mx.example.net or support@mx.example.net.',
        '',
        'The subject was: Eggs',
        'From: anne@example.org',
        '',
      ].join('\n'),
    );
    expect(recognise({ bytes }, verpOptions)).toMatchObject({ bounces: [{ address: a, kind: 'permanent' }] });
  });
});

/** Local parts that RFC 5322 does not know without quotes, as Japanese carriers gave them out, and those in quotes. */
const oddAddresses: readonly string[] = [
  'odd..name.@client.example',
  '.odd..name@client.example',
  'odd-_@client.example',
  '"odd..name."@client.example',
  '"two words"@client.example',
];

const reports: readonly (readonly [string, (address: string) => readonly string[]])[] = [
  [
    'a delivery status',
    (address) => [
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.net',
      '',
      `Final-Recipient: rfc822; ${address}`,
      'Action: failed',
      'Status: 5.1.1',
    ],
  ],
  [
    'a report of qmail',
    (address) => ['', 'Hi. This is the qmail-send program at mx.example.net.', '', `<${address}>:`, 'No.'],
  ],
  [
    'a report of Postfix',
    (address) => ['', 'This is the mail system at host mx.example.net.', '', `<${address}>: unknown user`],
  ],
  [
    'a report of Exim',
    (address) => [
      '',
      'This message was created automatically by mail delivery software.',
      'The following address(es) failed:',
      '',
      `  ${address}`,
      '    unknown user',
    ],
  ],
  [
    'a report of a session',
    (address) => [
      '',
      'Each of the following recipients was rejected by a remote mail server.',
      '',
      `    Recipient: <${address}>`,
      `    >>> RCPT TO:<${address}>`,
      `    <<< 550 Unknown user ${address}`,
    ],
  ],
];

describe('in a field of a delivery status', () => {
  it.each([
    ['-amy@client.example'],
    ['#1amy@client.example'],
    ['!amy!@client.example'],
    ["o'amy=x@client.example"],
  ])('%s is whole', (address) => {
    expect(recipientAddress(`rfc822; ${address}`)).toBe(address);
    expect(recipientAddress(`rfc822;<${address}>`)).toBe(address);
  });
});

describe.each(reports)('in %s', (_, report) => {
  it.each(oddAddresses.map((address) => [address]))('%s is the one', (address) => {
    const bytes = Buffer.from(
      [
        'From: Mail Delivery System <mailer-daemon@mx.example.net>',
        'To: ant-bounces@lists.example.org',
        'Subject: failure notice',
        ...report(address),
        '',
      ].join('\n'),
    );
    const recognition = recognise({ bytes }, verpOptions);
    expect(recognition).toMatchObject({ bounces: [{ address, kind: 'permanent' }] });
  });
});
