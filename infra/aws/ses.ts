import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  ConfigurationSet,
  DkimIdentity,
  EasyDkimSigningKeyLength,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  MailFromBehaviorOnMxFailure,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import { alarmPeriod, type Bell } from './alarms.ts';
import { nameInTemplate } from './logical-id.ts';
import { logicalIds, outputs } from './names.ts';

/** What sending through Amazon SES is made with. */
export interface SesSendingProps {
  readonly ses: Site['ses'];
  /** Where bounces, complaints and delays go. */
  readonly bounces: Queue;
  readonly bell: Bell;
}

/** What functions that send need to know and to have a right to. */
export interface SesHouse {
  readonly configurationSet: string;
  /** The ARNs of the configuration set and of the identities: a call to send needs a right to both kinds. */
  readonly arns: readonly string[];
}

// What is told to `bounces`. A delivery is no news and would cost as much as all the rest (design, section 5); sends, opens and clicks are
// nobody's business.
const events = [
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.DELIVERY_DELAY,
  EmailSendingEvent.REJECT,
  EmailSendingEvent.RENDERING_FAILURE,
];

// AWS puts an account under review at 5 % of bounces and 0.1 % of complaints, and may pause it at 10 % and 0.5 %
// (https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html). The alarms ring while there is time to act.
const limits = { bounces: 0.03, complaints: 0.0005 };

/** The part of an output's name that stands for a domain: `lists.example.com` is `ListsExampleCom`. */
const domainInName = (domain: string): string =>
  domain
    .split(/[.-]/)
    .map((label) => label.charAt(0).toUpperCase() + label.slice(1))
    .join('');

/**
 * Sending through Amazon SES: an identity for each mail domain, the configuration set that everything is sent with, and the way of what
 * SES tells afterwards, over a topic into the queue `bounces`. It exists only with `delivery.transport` ses.
 */
export class SesSending extends Construct {
  readonly house: SesHouse;

  constructor(scope: Construct, id: string, { ses, bounces, bell }: SesSendingProps) {
    super(scope, id);
    const set = new ConfigurationSet(this, 'ConfigurationSet', {
      reputationMetrics: true,
      sendingEnabled: true,
    });
    nameInTemplate(set, logicalIds.configurationSet);
    const identities = ses.domains.map((domain) => this.#identity(domain, ses.mail_from, set));
    this.#tell(set, bounces);
    this.#alarms(bell);
    this.house = {
      configurationSet: set.configurationSetName,
      arns: [
        this.#arn('configuration-set', set.configurationSetName),
        ...identities.map(({ emailIdentityName }) => this.#arn('identity', emailIdentityName)),
      ],
    };
  }

  #arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ses', resource, resourceName });
  }

  #identity(domain: string, prefix: string, set: ConfigurationSet): EmailIdentity {
    const name = domainInName(domain);
    const mailFrom = `${prefix}.${domain}`;
    const identity = new EmailIdentity(this, `Identity-${name}`, {
      identity: Identity.domain(domain),
      configurationSet: set,
      dkimSigning: true,
      dkimIdentity: DkimIdentity.easyDkim(EasyDkimSigningKeyLength.RSA_2048_BIT),
      mailFromDomain: mailFrom,
      // Mail goes on under SES's own domain when the records are gone; it then is aligned by DKIM alone.
      mailFromBehaviorOnMxFailure: MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
      // Bounces come as events. As mails to LIST-bounces each of them would come a second time.
      feedbackForwarding: false,
    });
    nameInTemplate(identity, logicalIds.identity(name));
    const record = (what: string, value: string, description: string): void => {
      new CfnOutput(this, `${what}-${name}`, { value, description }).overrideLogicalId(
        outputs.dnsRecord(what, name),
      );
    };
    for (const [index, dkim] of identity.dkimRecords.entries()) {
      record(`Dkim${index + 1}`, `${dkim.name} CNAME ${dkim.value}`, `To be set in the DNS of ${domain}.`);
    }
    const { region } = Stack.of(this);
    record(
      'MailFromMx',
      `${mailFrom} MX 10 feedback-smtp.${region}.amazonses.com`,
      `To be set in the DNS of ${domain}.`,
    );
    record(
      'MailFromSpf',
      `${mailFrom} TXT "v=spf1 include:amazonses.com ~all"`,
      `To be set in the DNS of ${domain}.`,
    );
    return identity;
  }

  #tell(set: ConfigurationSet, bounces: Queue): void {
    // SES cannot publish to a topic under the managed key of SNS (design, section 6). What passes here are events, and no mail.
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    nameInTemplate(topic, logicalIds.sesTopic);
    // Raw: the queue gets the event as SES wrote it, and not wrapped into a notification of SNS. The queue admits this topic alone.
    topic.addSubscription(new SqsSubscription(bounces, { rawMessageDelivery: true }));
    // The destination gives the topic its policy: this configuration set of this account may publish there, and nobody else.
    set.addEventDestination('Events', { destination: EventDestination.snsTopic(topic), events });
  }

  #alarms(bell: Bell): void {
    const rate = (metricName: string): Metric =>
      new Metric({
        namespace: 'AWS/SES',
        metricName,
        statistic: Stats.MAXIMUM,
        period: alarmPeriod,
      });
    bell.hang(this, {
      name: 'BouncesMany',
      says: 'More than 3 % of the mail that the account sent through Amazon SES bounces. At 5 % AWS puts it under review, at 10 % it may be paused.',
      section: 'reputation-falls',
      metric: rate('Reputation.BounceRate'),
      threshold: limits.bounces,
    });
    bell.hang(this, {
      name: 'ComplaintsMany',
      says: 'More than 0.05 % of the mail that the account sent through Amazon SES is reported as spam. At 0.1 % AWS puts it under review, at 0.5 % it may be paused.',
      section: 'reputation-falls',
      metric: rate('Reputation.ComplaintRate'),
      threshold: limits.complaints,
    });
  }
}
