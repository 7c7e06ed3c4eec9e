import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import type { QueueName } from '../../lib/queue/names.ts';
import { nameInTemplate } from './logical-id.ts';
import { logicalIds } from './names.ts';
import { timesOf } from './times.ts';

/** What the queues are made with. */
export interface MailQueuesProps {
  readonly site: Site;
  readonly customerKey: IKey | undefined;
}

/**
 * The queues between the steps. All keep their messages for 14 days, the most that SQS grants, and what fails again and again ends in the one
 * queue of dead letters, whose function makes shunt items of it (docs/decisions/0003).
 */
export class MailQueues extends Construct {
  readonly queues: Readonly<Record<QueueName, Queue>>;

  constructor(scope: Construct, id: string, { site, customerKey }: MailQueuesProps) {
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
  }
}
