import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { QueueName } from '../../lib/queue/names.ts';
import { type GrantTarget, grantsOf } from './grants.ts';
import type { Actor } from './names.ts';
import type { SesHouse } from './ses.ts';
import { tableIndex } from './table.ts';

/** What rights are given on. */
export interface House {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly queues: Readonly<Record<QueueName, Queue>>;
  readonly customerKey: IKey | undefined;
  /** The names or ARNs of the secrets that functions read; the empty text for one that the site does not use. */
  readonly secrets: Readonly<Record<'relay', string>>;
  /** Undefined where mail leaves by a relay. */
  readonly ses: SesHouse | undefined;
  /** The URL of the web pages, for who writes links; undefined for the web pages themselves, of which it is made. */
  readonly webUrl: string | undefined;
}

/**
 * The ARN of a secret that the site gave by name or by ARN. Secrets Manager adds a dash and six random characters to the name of a
 * secret in its ARN, which six question marks match and nothing longer does.
 */
const secretArn = (scope: Construct, nameOrArn: string): string =>
  nameOrArn.startsWith('arn:')
    ? nameOrArn
    : Stack.of(scope).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: `${nameOrArn}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });

const arnsOf = (
  scope: Construct,
  target: GrantTarget,
  house: House,
  logs: ILogGroup | undefined,
): readonly string[] => {
  switch (target.kind) {
    case 'table':
      return target.only === 'ses' && house.ses === undefined ? [] : [house.table.tableArn];
    case 'index':
      return [`${house.table.tableArn}/index/${tableIndex}`];
    case 'bucket':
      return [house.bucket.bucketArn];
    case 'objects':
      return [house.bucket.arnForObjects(`${target.prefix}*`)];
    case 'queue':
      return [house.queues[target.queue].queueArn];
    case 'logs':
      return logs === undefined ? [] : [logs.logGroupArn];
    case 'ses':
      return house.ses?.arns ?? [];
    case 'ses-account':
      return house.ses === undefined ? [] : ['*'];
    case 'secret': {
      const name = house.secrets[target.secret];
      return name === '' ? [] : [secretArn(scope, name)];
    }
  }
};

/** The policy of an actor: its grants, on the resources of the house. A secret that the site does not use grants nothing, nor does SES. */
export const policyOf = (scope: Construct, actor: Actor, house: House, logs?: ILogGroup): PolicyDocument => {
  const document = new PolicyDocument();
  for (const grant of grantsOf(actor)) {
    const resources = arnsOf(scope, grant.on, house, logs);
    if (resources.length === 0) continue;
    document.addStatements(new PolicyStatement({ actions: [...grant.actions], resources: [...resources] }));
  }
  if (house.customerKey !== undefined) {
    // With a key of the site's own, S3, SQS and DynamoDB use it in the name of whoever calls them, and the key is of no use for anything else.
    document.addStatements(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
        resources: [house.customerKey.keyArn],
        conditions: {
          StringEquals: {
            'kms:ViaService': ['s3', 'sqs', 'dynamodb'].map(
              (service) => `${service}.${Stack.of(scope).region}.${Stack.of(scope).urlSuffix}`,
            ),
          },
        },
      }),
    );
  }
  return document;
};
