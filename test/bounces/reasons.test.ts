import { describe, expect, it } from 'vitest';
import type { BounceReason } from '../../lib/bounces/bounce.ts';
import { recognise } from '../../lib/bounces/recognise.ts';
import { weigh } from '../../lib/bounces/weigh.ts';
import { verpOptions } from './verp-options.ts';

/** What servers say, by why they say it. */
const sayings: Readonly<Partial<Record<BounceReason, readonly string[]>>> = {
  'mailbox-full': [
    '552 5.2.2 Over quota (in reply to RCPT TO command)',
    '552 Requested mailbox exceeds quota.',
    '552 5.2.2 Mailbox size limit exceeded',
    '550 5.2.2 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]',
    '552 recipient storage full, try again later',
    '452 Insufficient system storage',
    'cannot access mailbox /var/spool/mail/b for user xxxxx. error writing message: File too large',
    "552 5.2.2 This message is larger than the current system limit or the recipient's mailbox is full.",
    '452 4.2.2 The email account that you tried to reach is over quota.',
    '550 Postfach voll',
    '550 5.2.2 STOREDRV.Deliver; mailbox full',
    '550 Mailbox quota exceeded / Mailbox voll.',
    '452 4.3.1 Insufficient system resources',
  ],
  'user-unknown': [
    'User amy (amy@client.example) not listed in public Name & Address Book',
    '554 qq Sorry, no valid recipients (#5.1.3)',
    '550 Invalid recipient: <amy@client.example>',
    '550 5.1.1 unknown or illegal alias: amy@client.example',
    '553 sorry, no mailbox here by that name (#5.7.1)',
    '550 User (amy@client.example) unknown.',
    '553 5.3.0 <amy@client.example>... Addressee unknown, relay=[192.0.2.1]',
    '550 MAILBOX NOT FOUND',
    '550 Mailbox ( amy@client.example ) not found or inactivated',
    '550 <amy@client.example> recipient rejected',
    '551 not our customer',
    "5.1.0 - Unknown address error 540-'Error: Wrong recipients'",
    '501 #5.1.1 bad address amy@client.example',
    '550 5.1.1 <amy@client.example>... email address lookup in domain map failed',
    '550 User not a member of domain: <amy@client.example>',
    "550 sorry, that recipient doesn't exist (#5.7.1)",
    "550-I'm sorry but amy@client.example does not have an account here.",
    '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)',
    '550 No Such User Here',
    '550 Unrouteable address',
    '511 5.1.1 unbekannter Empfaenger',
    '550 Benutzer unbekannt',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    '550 #5.1.0 Address rejected.',
    '554 5.0.0 Rule imposed mailbox access for amy@client.example refused: user invalid',
    "554 delivery error: This user doesn't have a yahoo.example account",
    '550 5.1.1 The email account that you tried to reach does not exist.',
    '552 1 Requested mail action aborted, mailbox not found',
  ],
  policy: [
    '550 Relaying denied.',
    '554 <amy@client.example>: Relay access denied',
    '550 Unable to relay for amy@client.example',
    '554 5.7.9 Message not accepted for policy reasons. See https://postmaster.example/error-codes',
    '550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized',
    '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
    '550 5.1.8 Sender address rejected: Domain not found',
    '553 5.1.8 <anne@example.org>... Domain of sender address anne@example.org does not exist',
    '450 4.1.8 <anne@example.org>: Sender address rejected: Domain not found',
    '550 5.7.1 Sender address rejected: not owned by user',
    '571 Delivery not authorized, message refused',
    '550 5.7.1 Mail from 192.0.2.1 refused; see http://www.sorbs.example',
    '554 Email rejected due to security policies',
  ],
  'mailbox-disabled': [
    '554 delivery error: dd Sorry your message to amy@client.example cannot be delivered. This account has been disabled or discontinued [#102].',
    '452 4.2.1 mailbox temporarily disabled: amy@client.example',
    '551 <amy@client.example> is a deactivated mailbox',
    '550 <amy> is now disabled with MTA service.',
    '550 <amy@client.example>: inactive user',
    '550 <amy@client.example>: Recipient address rejected: Account closed due to inactivity.',
    '550 <amy@client.example>... User account not activated',
    '550 5.2.1 The email account that you tried to reach is disabled.',
    '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).',
    '554 30 Sorry, your message to amy@aim.example cannot be delivered. This mailbox is disabled (554.30).',
  ],
  content: [
    '554 DT:SPM 163 smtp3,DdGowADX http://mail.163.com/help/help_spam_16.htm',
    '550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]',
    '550 5.6.0 Lines in message were too long',
    '550 5.7.1 Message rejected due to content restrictions',
    '550 Mail content denied. http://service.mail.example/detail',
    '550 5.7.1 Your email was rejected because it contains the virus Eicar',
    '550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy',
  ],
  blocked: [
    '552 5.5.3 Too many recipients',
    '554 too many bad commands from 192.0.2.1',
    '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.',
    '550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.',
    '450-4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.',
    '554 5.2.121 Recipients per hour message receive limit from specific sender exceeded.',
    "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
    '550-5.7.25 [192.0.2.1] The IP address sending this message does not have a PTR record setup',
    '550 5.7.1 <lists.example.org>: Helo command rejected: Host not found',
    '504 5.5.2 <lists>: Helo command rejected: need fully-qualified hostname',
    '550 5.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]',
    '554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tosa@rx.t-online.de to clarify.) (BL)',
    '550 MI:SPF mx42,PMCowABX http://mail.163.com/help/help_spam_16.htm',
    '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
    '550 5.7.1 Recipient address rejected: Access denied. (blocked by policy)',
    '450 4.7.1 <amy@client.example>: Recipient address rejected: Greylisted, see http://postgrey.example',
    '550 5.7.1 SPF check failed: 192.0.2.1 is not allowed to send mail from example.org',
    '550 5.7.23 The message was rejected because of Sender Policy Framework violation',
    '553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred',
    '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints',
    "550 SC-001 (COL004) Unfortunately, messages from 192.0.2.1 weren't sent. Please contact your Internet service provider since part of their network is on our block list",
    '554 Reject by behaviour spam at Rcpt State(Connection IP address:192.0.2.1)',
    '552-5.7.0 This message was blocked because its content presents a potential security issue.',
    '554 5.7.1 <lists.example.org[192.0.2.7]>: Client host rejected: Access denied',
    '554 Transaction failed. Message identified as SPAM',
    '550 High probability of spam',
    '550 RBL rejection: https://www.cloudmark.example',
    '550 5.1.0 sender rejected: bad reputation',
  ],
  dmarc: [
    "550 5.7.1 Unauthenticated email from example.org is not accepted due to domain's DMARC policy.",
    '550-5.7.26 This mail has been blocked because the sender is unauthenticated.',
    '550 5.7.509 Access denied, sending domain example.org does not pass DMARC verification',
  ],
  'too-large': [
    '552 5.3.4 Message size exceeds fixed limit',
    '552 Message size exceeds maximum permitted',
    '552 RESOLVER.RST.RecipSizeLimit; message too large for this recipient',
  ],
  'host-unknown': [
    '5.4.4 unable to look up host mx.nowhere.example: Name or service not known',
    '550 5.1.2 Host unknown (Name server: host not found)',
    'Host or domain name not found. Name service error for name=nowhere.example type=MX: Host not found',
    'Domain nowhere.example does not accept mail (nullMX)',
    '556 5.1.10 Recipient address has a null MX',
    'unrouteable mail domain "nowhere.example"',
  ],
  'no-route': [
    'connect to mx.slow.example[192.0.2.9]:25: Connection timed out',
    '421 Service not available, closing transmission channel',
  ],
  loop: [
    '554 5.4.6 Too many hops',
    'mail for client.example loops back to myself',
    '554 5.4.14 Hop count exceeded - possible mail loop',
  ],
  expired: ['4.4.7 Message expired', 'retry time not reached for any host after a long failure period'],
};

const report = (said: string): Buffer =>
  Buffer.from(
    [
      'From: MAILER-DAEMON@example.net (Mail Delivery System)',
      'Subject: Undelivered Mail Returned to Sender',
      '',
      'This is the mail system at host example.net.',
      '',
      `<amy@client.example>: ${said}`,
      '',
    ].join('\r\n'),
  );

describe.each(Object.entries(sayings))('%s', (why, said) => {
  it.each(said.map((one) => [one]))('is why a server says "%s"', (one) => {
    const recognition = recognise({ bytes: report(one) }, verpOptions);
    expect(recognition).toMatchObject({ bounces: [{ address: 'amy@client.example', why }] });
  });
});

it('what a server says of the sender, the mail or the list is never held against the member', () => {
  const ours = ['blocked', 'dmarc', 'policy', 'content', 'too-large'] as const;
  for (const why of ours) {
    expect(sayings[why]).not.toEqual([]);
    expect(weigh({ kind: 'permanent', why })).toBe('not-the-member');
  }
});
