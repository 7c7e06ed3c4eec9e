import { describe, expect, it } from 'vitest';
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
