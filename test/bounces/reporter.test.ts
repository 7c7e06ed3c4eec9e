import { describe, expect, it } from 'vitest';
import { recognise } from '../../lib/bounces/recognise.ts';
import { verpOptions } from './verp-options.ts';

const subject = 'Subject: Undelivered Mail Returned to Sender';
const postfix = [
  'This is the mail system at host mx.example.net.',
  '',
  '<amy@client.example>: host mx.client.example said: 550 5.1.1 User unknown',
];
const exim = [
  'This message was created automatically by mail delivery software.',
  'A message that you sent could not be delivered to one or more of its recipients. The following address(es) failed:',
  '',
  '  amy@client.example',
  '    Unrouteable address',
];
const prose = ['Mail for <amy@client.example> could not be delivered: user unknown.'];
const parcel = ['A parcel for amy@client.example could not be delivered to the garden hut.'];

const found = (head: readonly string[], text: readonly string[], sender?: string): readonly string[] => {
  const lines = [...head, 'To: ant-bounces@lists.example.org', '', ...text, ''];
  const mail = { bytes: Buffer.from(lines.join('\r\n')), ...(sender === undefined ? {} : { sender }) };
  const recognition = recognise(mail, verpOptions);
  return recognition.kind === 'bounces' ? recognition.bounces.map(({ address }) => address) : [];
};

const texts: readonly (readonly [string, readonly string[]])[] = [
  ['the words of Postfix', postfix],
  ['the words of Exim', exim],
  ['any words', prose],
];

/** A From, further fields, and the sender of the envelope. */
type Head = readonly [string, readonly string[], string | undefined];

const strangers: readonly Head[] = [
  ['Hans <hans@hof.example>', [], 'hans@hof.example'],
  ['Hans <hans@hof.example>', [], undefined],
  ['Hans <hans@hof.example>', ['Return-Path: <hans@hof.example>'], undefined],
  ['Support <support@desk.example>', [], 'support@desk.example'],
  ['Hosting News <news@host.example>', [], 'news-1@host.example'],
  ['news@host.example', ['List-Id: <news.host.example>'], 'news-1@host.example'],
  ['Mail News <mail@host.example>', ['List-Unsubscribe: <https://host.example/u>'], 'mail@host.example'],
];

describe.each(strangers)('%s with %j from %j', (from, fields, sender) => {
  it.each([...texts, ['a parcel', parcel] as const])('tells in %s of nobody', (_, text) => {
    expect(found([`From: ${from}`, subject, ...fields], text, sender)).toEqual([]);
  });
});

it('who quotes a report tells of nobody, though nobody has a name', () => {
  const text = ['Hello, what is this?', '', ...postfix.map((line) => `> ${line}`)];
  expect(found(['From: hans@hof.example', subject], text, 'hans@hof.example')).toEqual([]);
});

it('who speaks of mail as theirs tells of nobody, though nobody has a name', () => {
  const text = ['Hi,', 'my mail to amy@client.example could not be delivered. What is wrong?'];
  expect(found(['From: hans@hof.example', subject], text, 'hans@hof.example')).toEqual([]);
});

it('a desk that numbers a report tells of nobody, though it has no sender', () => {
  const head = ['From: Desk <mail@desk.example>', 'Auto-Submitted: auto-replied'];
  for (const tag of ['[#4711]', '[Ticket 4711]', '[HELP-DESK #12]'])
    expect(found([...head, `Subject: ${tag} Undelivered Mail Returned to Sender`], postfix, '')).toEqual([]);
});

it('a postmaster who answers as a person tells of nobody', () => {
  const head = ['From: Postmaster <postmaster@small.example>', 'In-Reply-To: <x@y.example>'];
  expect(found([...head, 'Subject: Re: your mail server'], prose, 'postmaster@small.example')).toEqual([]);
  expect(found([...head, 'Subject: Re: your mail server'], prose, '')).toEqual(['amy@client.example']);
});

const reporters: readonly Head[] = [
  ['MAILER-DAEMON@example.net', [], 'srs0=a=b=mailer-daemon@forwarder.example'],
  ['MAILER-DAEMON@example.net', ['List-Id: <news.host.example>'], 'x@host.example'],
  ['Hosting Company <info@host.example>', [], ''],
  ['Hosting Company <info@host.example>', ['Return-Path: <>'], undefined],
  ['System Attendant <EX1-SA@host.example>', [], 'EX1-SA@host.example'],
  ['root@host.example (Charlie Root)', [], 'root@host.example'],
  ['Anti-Spam Gateway <guard@host.example>', [], 'guard@host.example'],
  ['Service <no-reply@host.example>', [], undefined],
  ['Dept.relay-3@host.example', [], 'Dept.relay-3@host.example'],
  // A gateway that keeps the fields of the mail that it returns.
  ['Dept.relay-3@host.example', ['List-Id: <ant.lists.example.org>'], 'Dept.relay-3@host.example'],
];

describe.each(reporters)('%s with %j from %j', (from, fields, sender) => {
  it.each(texts)('is believed in %s', (_, text) => {
    expect(found([`From: ${from}`, subject, ...fields], text, sender)).toEqual(['amy@client.example']);
  });
});
