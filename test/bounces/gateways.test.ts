import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../lib/bounces/recognise.ts';
import { samples } from './samples.ts';
import { verpOptions } from './verp-options.ts';

interface Mail {
  readonly name: string;
  readonly header: string;
  readonly body: string;
}

const blind = ['blind-1', 'blind-2'].flatMap((directory) =>
  readdirSync(join(import.meta.dirname, directory))
    .filter((file) => file.endsWith('.eml'))
    .map((file) => ({ name: file, bytes: readFileSync(join(import.meta.dirname, directory, file)) })),
);

const mails: readonly Mail[] = [...samples, ...blind].map(({ name, bytes }) => {
  const [header = '', ...rest] = bytes.toString('latin1').split('\n\n');
  return { name, header: `${header}\n`, body: rest.join('\n\n') };
});

const namesIn = (header: string, body: string): readonly string[] => {
  const recognition = recognise({ bytes: Buffer.from(`${header}\n${body}`, 'latin1') }, verpOptions);
  return recognition.kind === 'bounces'
    ? recognition.bounces.map(({ kind, address }) => `${kind} ${address.toLowerCase()}`).sort()
    : [];
};

const isOneText = ({ header }: Mail): boolean =>
  !/^content-type:\s*multipart|^content-transfer-encoding:\s*(?:base64|quoted)/im.test(header);

const footer = 'This e-mail is confidential. If you received it in error write to legal@gateway.example.';
const banner = 'CAUTION: this came from outside. Report what is suspicious to security@gateway.example.';

/** What gateways do to all mail that comes in, or goes out. */
const changes: readonly (readonly [string, (mail: Mail) => readonly [string, string] | undefined])[] = [
  [
    'a tag before the subject',
    ({ header, body }) => [header.replace(/^subject:/im, 'Subject: [EXTERNAL]'), body],
  ],
  [
    'a banner before the text',
    (mail) => (isOneText(mail) ? [mail.header, `${banner}\n\n${mail.body}`] : undefined),
  ],
  [
    'a footer behind the text',
    (mail) => (isOneText(mail) ? [mail.header, `${mail.body.trimEnd()}\n\n--\n${footer}\n`] : undefined),
  ],
  [
    'a footer in a part of its own',
    ({ header, body }) => {
      const content = /^(?:content-[^\n]*|mime-version[^\n]*)\n(?:[ \t][^\n]*\n)*/gim;
      const own = (header.match(content) ?? []).filter((field) => /^content-/i.test(field)).join('');
      return [
        `${header.replace(content, '')}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n`,
        `--outer\n${own}\n${body}\n--outer\nContent-Type: text/plain\n\n${footer}\n--outer--\n`,
      ];
    },
  ],
  [
    'base64',
    (mail) =>
      isOneText(mail) && !mail.name.startsWith('mbox-')
        ? [
            `${mail.header.replace(/^content-transfer-encoding:.*\n/im, '')}Content-Transfer-Encoding: base64\n`,
            Buffer.from(mail.body, 'latin1').toString('base64').replace(/.{76}/g, '$&\n'),
          ]
        : undefined,
  ],
];

// Their boundary is not that of their header: without it nobody knows where the outer one ends.
const broken = /^(?:dsn-boundary-differs|missing-boundary|broken_boundary)/;

describe.each(changes)('%s', (_, change) => {
  it('changes nothing in who bounced', () => {
    let changed = 0;
    for (const mail of mails.filter(({ name }) => !broken.test(name))) {
      const result = change(mail);
      if (result === undefined) continue;
      changed += 1;
      const [header, body] = result;
      expect([mail.name, ...namesIn(header, body)]).toEqual([mail.name, ...namesIn(mail.header, mail.body)]);
    }
    expect(changed).toBeGreaterThan(300);
  });
});
