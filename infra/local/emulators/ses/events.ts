import { randomUUID } from 'node:crypto';
import { account, region } from '../../names.ts';
import type { Fate, SentMail } from './account.ts';
import { domainOf, mailboxIn } from './addresses.ts';

/**
 * The events that SES publishes through a configuration set, in the form of "Examples of event data that Amazon SES publishes to Amazon
 * SNS" (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html).
 */
export type SesEventJson = Readonly<Record<string, unknown>>;

const mailObject = (mail: SentMail): SesEventJson => {
  const value = (name: string): string | undefined =>
    mail.headers.find((header) => header.name.toLowerCase() === name)?.value;
  const list = (name: string): SesEventJson => {
    const found = value(name);
    return found === undefined ? {} : { [name]: [found] };
  };
  const subject = value('subject');
  return {
    timestamp: mail.at.toISOString(),
    source: mail.source,
    sourceArn: `arn:aws:ses:${region}:${account}:identity/${domainOf(mailboxIn(mail.source))}`,
    sendingAccountId: account,
    messageId: mail.messageId,
    destination: mail.destinations,
    headersTruncated: false,
    headers: mail.headers,
    commonHeaders: {
      ...list('from'),
      ...list('to'),
      messageId: mail.messageId,
      ...(subject === undefined ? {} : { subject }),
    },
    tags: {
      'ses:configuration-set': [mail.configurationSet],
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [domainOf(mailboxIn(mail.source))],
      'ses:caller-identity': ['outgoing'],
      ...Object.fromEntries(mail.tags.map(({ name, value: tag }) => [name, [tag]])),
    },
  };
};

const feedbackId = (): string => `0100${Date.now().toString(16).padStart(12, '0')}-${randomUUID()}-000000`;

/** What a bounce of SES says beside its recipient. */
interface BounceKind {
  readonly bounceType: string;
  readonly bounceSubType: string;
  readonly status: string;
  readonly diagnosticCode: string;
}

const suppressed =
  'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.';

const bounces: Readonly<Record<'permanent' | 'transient' | 'suppressed', BounceKind>> = {
  permanent: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 user unknown',
  },
  transient: {
    bounceType: 'Transient',
    bounceSubType: 'MailboxFull',
    status: '5.2.2',
    diagnosticCode: 'smtp; 552 5.2.2 mailbox full',
  },
  suppressed: {
    bounceType: 'Permanent',
    bounceSubType: 'Suppressed',
    status: '5.1.1',
    diagnosticCode: suppressed,
  },
};

const bounceEvent = (
  mail: SentMail,
  emailAddress: string,
  { bounceType, bounceSubType, status, diagnosticCode }: BounceKind,
): SesEventJson => ({
  eventType: 'Bounce',
  bounce: {
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress, action: 'failed', status, diagnosticCode }],
    timestamp: new Date().toISOString(),
    feedbackId: feedbackId(),
    reportingMTA: 'dsn; a8-50.smtp-out.amazonses.com',
  },
  mail: mailObject(mail),
});

/** The event of a mail that the recipient's server, here the relay, has refused for good. */
export const refusedEvent = (mail: SentMail, recipient: string, reply: string): SesEventJson =>
  bounceEvent(mail, recipient, {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    status: /\b5\.\d+\.\d+\b/.exec(reply)?.[0] ?? '5.0.0',
    diagnosticCode: `smtp; ${reply}`,
  });

/** The event of a mail that could not be delivered yet. */
export const delayedEvent = (mail: SentMail, recipient: string, reply: string): SesEventJson => ({
  eventType: 'DeliveryDelay',
  mail: mailObject(mail),
  deliveryDelay: {
    timestamp: new Date().toISOString(),
    delayType: 'TransientCommunicationFailure',
    // SES tries for 14 hours at most: MaxDeliverySeconds of a configuration set ends at 50,400.
    expirationTime: new Date(mail.at.getTime() + 50_400_000).toISOString(),
    delayedRecipients: [
      {
        emailAddress: recipient,
        status: /\b4\.\d+\.\d+\b/.exec(reply)?.[0] ?? '4.4.1',
        diagnosticCode: `smtp; ${reply}`,
      },
    ],
  },
});

/** The event that a fate comes to. */
export const eventOf = (fate: Fate, mail: SentMail, recipient: string): SesEventJson => {
  switch (fate) {
    case 'permanent':
    case 'transient':
    case 'suppressed':
      return bounceEvent(mail, recipient, bounces[fate]);
    case 'complaint':
      return {
        eventType: 'Complaint',
        complaint: {
          feedbackId: feedbackId(),
          complaintSubType: null,
          complainedRecipients: [{ emailAddress: recipient }],
          timestamp: new Date().toISOString(),
          userAgent: 'Amazon SES Mailbox Simulator',
          complaintFeedbackType: 'abuse',
          arrivalDate: new Date().toISOString(),
        },
        mail: mailObject(mail),
      };
    case 'delay':
      return delayedEvent(mail, recipient, '421 4.4.1 Unable to connect to remote host');
    case 'reject':
      return { eventType: 'Reject', mail: mailObject(mail), reject: { reason: 'Bad content' } };
  }
};
