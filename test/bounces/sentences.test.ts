import { expect, it } from 'vitest';
import { recognise } from '../../lib/bounces/recognise.ts';
import { verpOptions } from './verp-options.ts';

/** What a program that nobody knows says, and whom it is about. */
const sentences: readonly (readonly [string, readonly string[]])[] = [
  ['The following recipients failed: amy@x.example, ben@x.example; cat@y.example', ['amy', 'ben', 'cat']],
  [
    'Delivery failed for these recipients:\n\namy@x.example, ben@x.example,\ncat@y.example',
    ['amy', 'ben', 'cat'],
  ],
  ['Delivery failed for these recipients:\n\namy@x.example ben@x.example', ['amy', 'ben']],
  ['Your message to amy@x.example and ben@x.example was rejected. 550 5.1.1 User unknown', ['amy', 'ben']],
  ['Your message to amy@x.example was rejected by ben@filter.example: spam.', ['amy']],
  ['Your message sent from anne@example.org to amy@x.example could not be delivered: mailbox full.', ['amy']],
  ['Message from <anne@example.org> to <amy@x.example> could not be delivered: 550 unknown user', ['amy']],
  [
    'From: anne@example.org\nTo: amy@x.example\n\nThe message above could not be delivered: unknown user',
    ['amy'],
  ],
  ['RCPT TO:<amy@x.example> 550 5.1.1 unknown\nMAIL FROM:<anne@example.org> 250 ok', ['amy']],
  ['The e-mail address amy@x.example does not exist. Contact admin@x.example.', ['amy']],
  ['Hello anne@example.org,\n\nyour mail to amy@x.example bounced: user unknown.', ['amy']],
  [
    'amy@x.example: user unknown\nben@x.example: mailbox full\ncat@x.example: host not found',
    ['amy', 'ben', 'cat'],
  ],
  ['Die E-Mail an amy@x.example konnte nicht zugestellt werden, da das Postfach voll ist.', ['amy']],
  ['No such user: amy', []],
];

it.each(sentences)('"%s" is about %s', (text, names) => {
  const bytes = Buffer.from(
    `From: Mail Delivery System <mailer-daemon@mx.example.net>\nTo: ant-bounces@lists.example.org\nSubject: Undeliverable mail\n\n${text}\n`,
  );
  const recognition = recognise({ bytes }, verpOptions);
  const found = recognition.kind === 'bounces' ? recognition.bounces : [];
  expect(found.map(({ address }) => address.replace(/@.*/, ''))).toEqual(names);
});
