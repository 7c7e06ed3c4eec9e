import { Metric, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MailLog } from '../../lib/maillog/mail-log.ts';
import { alarmPeriod, type Bell } from './alarms.ts';
import type { FunctionName } from './names.ts';

/** What the counts are made with. */
export interface MailEventsProps {
  readonly bell: Bell;
  /** The logs of the functions. */
  readonly logs: ReadonlyMap<FunctionName, ILogGroup>;
}

const namespace = 'Belfry';

/** Events of the mail log that call a person. They are counted in the log, so that no function needs a right to write metrics. */
export class MailEvents extends Construct {
  constructor(scope: Construct, id: string, { bell, logs }: MailEventsProps) {
    super(scope, id);
    const count = (event: keyof MailLog, metricName: string, atLeastSeconds = 0): Metric => {
      const ofEvent = FilterPattern.stringValue('$.maillog', '=', event);
      const filterPattern =
        atLeastSeconds === 0
          ? ofEvent
          : FilterPattern.all(ofEvent, FilterPattern.numberValue('$.seconds', '>=', atLeastSeconds));
      for (const [name, logGroup] of logs) {
        new MetricFilter(this, `${metricName}-${name}`, {
          logGroup,
          filterPattern,
          metricNamespace: namespace,
          metricName,
          metricValue: '1',
          unit: Unit.COUNT,
        });
      }
      return new Metric({ namespace, metricName, statistic: Stats.SUM, period: alarmPeriod });
    };
    bell.hang(this, {
      name: 'MailShunted',
      says: 'A mail failed by a defect of Belfry and waits in the shunt.',
      section: 'mail-shunted',
      metric: count('shunted', 'Shunted'),
      threshold: 0,
    });
    bell.hang(this, {
      name: 'DeliveryParked',
      says: 'The relay refuses Belfry itself, so delivery is parked. Posts wait; nobody is counted as bouncing.',
      section: 'delivery-parked',
      metric: count('parked', 'Parked'),
      threshold: 0,
    });
    // Each probe that fails is an event of its own, and tells since when delivery has been parked.
    bell.hang(this, {
      name: 'DeliveryParkedLong',
      says: 'Delivery has been parked for 10 days. Queues keep messages for 14 days and posts for 30; after that what waits is lost or has to be resent.',
      section: 'delivery-parked',
      metric: count('parked', 'ParkedLong', 10 * 86_400),
      threshold: 0,
    });
  }
}
