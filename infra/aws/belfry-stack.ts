import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import { queueNames } from '../../lib/queue/names.ts';
import { Bell } from './alarms.ts';
import { MailBucket } from './blobs.ts';
import { Clockwork } from './clockwork.ts';
import { Overview } from './dashboard.ts';
import { Gateway } from './gateway.ts';
import { MailEvents } from './mail-events.ts';
import { outputs } from './names.ts';
import { Network } from './network.ts';
import type { House } from './policies.ts';
import { MailQueues } from './queues.ts';
import { refuseWhatCannotRun, warningsOf } from './refusals.ts';
import { Runner } from './runner.ts';
import { SesSending } from './ses.ts';
import { choresOf, steps } from './steps.ts';
import { MailTable } from './table.ts';
import { WebPages } from './web.ts';

/** What the stack is made with. */
export interface BelfryStackProps {
  readonly site: Site;
  /** The folder with the gateway's Dockerfile and the bundle that it copies. */
  readonly imageFolder: string;
}

/** Everything that Belfry is on AWS. It names no account and no region, so that it can be synthesized anywhere, offline. */
export class BelfryStack extends Stack {
  constructor(scope: Construct, id: string, { site, imageFolder }: BelfryStackProps) {
    super(scope, id, {
      description: 'Belfry, a mailing-list manager: LMTP in, SQS, Lambda and DynamoDB inside.',
    });
    refuseWhatCannotRun(site);
    for (const [index, warning] of warningsOf(site).entries()) {
      Annotations.of(this).addWarningV2(`belfry:settings-${index}`, warning);
    }
    const customerKey =
      site.security.customer_key === ''
        ? undefined
        : Key.fromKeyArn(this, 'CustomerKey', site.security.customer_key);

    const bell = new Bell(this, 'Bell', { siteOwner: site.mailman.site_owner });
    const { table } = new MailTable(this, 'Memory', { customerKey, bell });
    const { bucket } = new MailBucket(this, 'Blobs', { customerKey, keepPosts: site.retention.posts });
    const { queues } = new MailQueues(this, 'Queues', { site, customerKey, bell });
    const network = new Network(this, 'Network', { site });
    const houseOfPages: House = {
      table,
      bucket,
      queues,
      customerKey,
      secrets: { relay: site.mta.smtp_credentials },
      ses:
        site.delivery.transport === 'ses'
          ? new SesSending(this, 'Ses', { ses: site.ses, bounces: queues.bounces, bell }).house
          : undefined,
      webUrl: undefined,
    };
    const web = site.web.enabled ? new WebPages(this, 'Web', { site, house: houseOfPages, bell }) : undefined;
    const house: House = { ...houseOfPages, webUrl: web?.url };
    const runners = steps.map((step) => {
      const place = step.name === 'outgoing' ? network.outgoing : undefined;
      return new Runner(this, step.name, { step, site, house, bell, place });
    });
    const clockworks = choresOf(site).map(
      (chore) => new Clockwork(this, chore.name, { chore, site, house, bell }),
    );
    const functions = [...runners, ...clockworks, ...(web === undefined ? [] : [web])];
    new MailEvents(this, 'Events', { bell, logs: new Map(functions.map(({ name, logs }) => [name, logs])) });
    const gateway = new Gateway(this, 'Gateway', { site, house, network, bell, imageFolder });
    new Overview(this, 'Overview', {
      house,
      functions: new Map(functions.map((each) => [each.name, each.function])),
      gateway,
    });

    const output = (name: string, value: string, description: string): void => {
      new CfnOutput(this, name, { value, description });
    };
    output(outputs.table, table.tableName, 'The table.');
    output(outputs.bucket, bucket.bucketName, 'The bucket of mails.');
    for (const name of queueNames) {
      output(outputs.queueUrl(name), queues[name].queueUrl, `The queue ${name}.`);
    }
    output(
      outputs.gatewayAddress,
      gateway.loadBalancer.loadBalancerDnsName,
      'Where the gateway answers, on port 24.',
    );
  }
}
