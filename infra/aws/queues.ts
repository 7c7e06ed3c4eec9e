import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import { type QueueName, queueNames } from '../../lib/queue/names.ts';
import { alarmPeriod, type Bell } from './alarms.ts';
import { nameInTemplate } from './logical-id.ts';
import { logicalIds } from './names.ts';
import { timesOf } from './times.ts';

/** What the queues are made with. */
export interface MailQueuesProps {
  readonly site: Site;
  readonly customerKey: IKey | undefined;
  readonly bell: Bell;
}

// What it means for people when a queue stands still.
const waiting: Readonly<Record<QueueName, string>> = {
  in: 'posts were accepted and are not being looked at.',
  pipeline: 'posts were accepted and are not being made ready.',
  out: 'posts are ready and are not being delivered.',
  retry: 'recipients who were put off are not being tried again.',
  command: 'requests to join, leave or confirm are not being looked at.',
  bounces: 'bounces are not being looked at.',
  dead: 'messages that failed again and again are not being put into the shunt.',
};

// Messages to the relay are sent with a delay when a recipient is put off or delivery is parked, and the delay counts as age.
const oldest = ({ alarms, delivery }: Site, name: QueueName): number =>
  name === 'out' || name === 'retry' ? alarms.oldest_message + delivery.retry_delay : alarms.oldest_message;

/**
 * The queues between the steps. All keep their messages for 14 days, the most that SQS grants, and what fails again and again ends in the one
 * queue of dead letters, whose function makes shunt items of it (docs/decisions/0003).
 */
export class MailQueues extends Construct {
  readonly queues: Readonly<Record<QueueName, Queue>>;

  constructor(scope: Construct, id: string, { site, customerKey, bell }: MailQueuesProps) {
    super(scope, id);
    const make = (name: QueueName, deadLetterQueue?: DeadLetterQueue): Queue => {
      const queue = new Queue(this, name, {
        retentionPeriod: Duration.days(14),
        visibilityTimeout: Duration.seconds(timesOf(site, name).visibility),
        enforceSSL: true,
        // Mail that was accepted is not lost with the stack.
        removalPolicy: RemovalPolicy.RETAIN,
        ...(customerKey === undefined
          ? { encryption: QueueEncryption.SQS_MANAGED }
          : { encryption: QueueEncryption.KMS, encryptionMasterKey: customerKey }),
        ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
      });
      nameInTemplate(queue, logicalIds.queue(name));
      return queue;
    };
    const dead = make('dead');
    const redrive: DeadLetterQueue = { queue: dead, maxReceiveCount: site.functions.max_receives };
    this.queues = {
      in: make('in', redrive),
      pipeline: make('pipeline', redrive),
      out: make('out', redrive),
      retry: make('retry', redrive),
      command: make('command', redrive),
      bounces: make('bounces', redrive),
      dead,
    };
    for (const name of queueNames) {
      bell.hang(this, {
        name: `${logicalIds.queue(name)}Old`,
        says: `The oldest message of the queue ${name} has waited for too long: ${waiting[name]}`,
        section: 'queue-old',
        metric: this.queues[name].metricApproximateAgeOfOldestMessage({
          period: alarmPeriod,
          statistic: Stats.MAXIMUM,
        }),
        threshold: oldest(site, name),
      });
    }
  }
}
