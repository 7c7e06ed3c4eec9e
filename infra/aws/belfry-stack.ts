import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import { queueNames } from '../../lib/queue/names.ts';
import { MailBucket } from './blobs.ts';
import { outputs } from './names.ts';
import type { House } from './policies.ts';
import { MailQueues } from './queues.ts';
import { Runner } from './runner.ts';
import { steps } from './steps.ts';
import { MailTable } from './table.ts';

/** What the stack is made with. */
export interface BelfryStackProps {
  readonly site: Site;
}

/** Everything that Belfry is on AWS. It names no account and no region, so that it can be synthesized anywhere, offline. */
export class BelfryStack extends Stack {
  constructor(scope: Construct, id: string, { site }: BelfryStackProps) {
    super(scope, id, {
      description: 'Belfry, a mailing-list manager: LMTP in, SQS, Lambda and DynamoDB inside.',
    });
    const customerKey =
      site.security.customer_key === ''
        ? undefined
        : Key.fromKeyArn(this, 'CustomerKey', site.security.customer_key);

    const { table } = new MailTable(this, 'Memory', { customerKey });
    const { bucket } = new MailBucket(this, 'Blobs', { customerKey, keepPosts: site.retention.posts });
    const { queues } = new MailQueues(this, 'Queues', { site, customerKey });
    const house: House = {
      table,
      bucket,
      queues,
      customerKey,
      secrets: { relay: site.mta.smtp_credentials, tls: site.gateway.tls_secret },
    };
    for (const step of steps) new Runner(this, step.name, { step, site, house });

    const output = (name: string, value: string, description: string): void => {
      new CfnOutput(this, name, { value, description });
    };
    output(outputs.table, table.tableName, 'The table.');
    output(outputs.bucket, bucket.bucketName, 'The bucket of mails.');
    for (const name of queueNames) {
      output(outputs.queueUrl(name), queues[name].queueUrl, `The queue ${name}.`);
    }
  }
}
