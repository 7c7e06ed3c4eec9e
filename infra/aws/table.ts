import { RemovalPolicy } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { alarmPeriod, type Bell } from './alarms.ts';
import { nameInTemplate } from './logical-id.ts';
import { logicalIds } from './names.ts';

/** The index by which things are found that are not found by their key. */
export const tableIndex = 'gsi1';

/** What the table is made with. */
export interface MailTableProps {
  readonly customerKey: IKey | undefined;
  readonly bell: Bell;
}

/**
 * The one table: lists, members, posts, ledgers, arrivals and shunt items. It is paid by request, since a list manager sleeps most of the
 * day; it can be put back to any second of the last 35 days, and it outlives the stack.
 */
export class MailTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { customerKey, bell }: MailTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(customerKey === undefined
        ? { encryption: TableEncryption.DEFAULT }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: customerKey }),
    });
    this.table.addGlobalSecondaryIndex({
      indexName: tableIndex,
      partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
      sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    nameInTemplate(this.table, logicalIds.table);
    const throttled = (metricName: string): Metric =>
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName,
        dimensionsMap: { TableName: this.table.tableName },
        statistic: Stats.SUM,
        period: alarmPeriod,
      });
    bell.hang(this, {
      name: 'TableThrottled',
      says: 'The table puts requests off. Mail is slower, and the gateway may answer 451; nothing is lost.',
      section: 'table-throttled',
      metric: new MathExpression({
        expression: 'reads + writes',
        usingMetrics: { reads: throttled('ReadThrottleEvents'), writes: throttled('WriteThrottleEvents') },
        label: 'Requests put off',
        period: alarmPeriod,
      }),
      threshold: 0,
      periods: 2,
    });
  }
}
