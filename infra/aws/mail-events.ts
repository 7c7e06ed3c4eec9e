import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, type JsonPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MailLog } from '../../lib/maillog/mail-log.ts';
import type { TroubleMessage } from '../../lib/queue/messages.ts';
import { alarmPeriod, type Bell } from './alarms.ts';
import type { FunctionName } from './names.ts';

/** What the counts are made with. */
export interface MailEventsProps {
  readonly bell: Bell;
  /** The logs of the functions. */
  readonly logs: ReadonlyMap<FunctionName, ILogGroup>;
}

const namespace = 'Belfry';

/** The functions in whose log the rates stand: who delivers, and who takes bounces. */
const delivers = 'outgoing' satisfies FunctionName;
const takesBounces = 'bounce' satisfies FunctionName;

// AWS reviews an account at 5 % of bounces and 0.1 % of complaints (https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-bounce-rate.html and
// reputationdashboard-complaint-rate.html). Whoever runs a relay of their own is judged alike, by others. A few in a small list are no rate.
const rates = {
  bounces: { percent: 3, atLeast: 10 },
  complaints: { percent: 0.05, atLeast: 3 },
  // Nobody outside counts these; as many as that are no whim of one filter, and the members have no post.
  refused: { percent: 3, atLeast: 3 },
} as const;

/** The trouble that calls a person besides the owners of the list: what was given up without a word on the recipient is in the shunt already. */
const refusedPost = 'refused-post' satisfies TroubleMessage['trouble'];

/** Events of the mail log that call a person. They are counted in the log, so that no function needs a right to write metrics. */
export class MailEvents extends Construct {
  constructor(scope: Construct, id: string, { bell, logs }: MailEventsProps) {
    super(scope, id);
    const count = (event: keyof MailLog, metricName: string, also?: JsonPattern): Metric => {
      const ofEvent = FilterPattern.stringValue('$.maillog', '=', event);
      const filterPattern = also === undefined ? ofEvent : FilterPattern.all(ofEvent, also);
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
    bell.hang(this, {
      name: 'PostRefused',
      says: 'The relay or Amazon SES refused a post itself. Nobody of those it was meant for has it, and nobody is counted as bouncing; its owners are told.',
      section: 'post-refused',
      metric: count('troubled', 'PostsRefused', FilterPattern.stringValue('$.trouble', '=', refusedPost)),
      threshold: 0,
    });
    this.#rates(bell, logs);
    // Each probe that fails is an event of its own, and tells since when delivery has been parked.
    bell.hang(this, {
      name: 'DeliveryParkedLong',
      says: 'Delivery has been parked for 10 days. Queues keep messages for 14 days and posts for 30; after that what waits is lost or has to be resent.',
      section: 'delivery-parked',
      metric: count('parked', 'ParkedLong', FilterPattern.numberValue('$.seconds', '>=', 10 * 86_400)),
      threshold: 0,
    });
  }

  /** Rings when too much of what was delivered in a day came back, or was reported as spam. */
  #rates(bell: Bell, logs: MailEventsProps['logs']): void {
    const day = Duration.days(1);
    const sum = (name: FunctionName, event: keyof MailLog, field: string, metricName: string): Metric => {
      const logGroup = logs.get(name);
      if (logGroup !== undefined) {
        new MetricFilter(this, `${metricName}-${name}`, {
          logGroup,
          filterPattern: FilterPattern.stringValue('$.maillog', '=', event),
          metricNamespace: namespace,
          metricName,
          metricValue: `$.${field}`,
          unit: Unit.COUNT,
        });
      }
      return new Metric({ namespace, metricName, statistic: Stats.SUM, period: day });
    };
    const delivered = sum(delivers, 'attempted', 'delivered', 'Delivered');
    const percent = (of: Metric, atLeast: number): MathExpression =>
      new MathExpression({
        expression: `IF(came >= ${atLeast}, 100 * came / (FILL(delivered, 0) + came), 0)`,
        usingMetrics: { came: of, delivered },
        period: day,
      });
    bell.hang(this, {
      name: 'MembersBounce',
      says: 'More than 3 % of the copies of a day came back for good. Others count that against whoever sends.',
      section: 'members-bounce',
      metric: percent(sum(takesBounces, 'bounced', 'hard', 'HardBounces'), rates.bounces.atLeast),
      threshold: rates.bounces.percent,
    });
    bell.hang(this, {
      name: 'MembersComplain',
      says: 'More than 0.05 % of the copies of a day were reported as spam. Others count that against whoever sends.',
      section: 'members-bounce',
      metric: percent(sum(takesBounces, 'bounced', 'complaints', 'Complaints'), rates.complaints.atLeast),
      threshold: rates.complaints.percent,
    });
    bell.hang(this, {
      name: 'MembersRefused',
      says: 'More than 3 % of the copies of a day were refused for what they are or whom they come from. Nobody scores for that; those members have no post.',
      section: 'members-refused',
      metric: percent(sum(takesBounces, 'bounced', 'blocked', 'RefusedCopies'), rates.refused.atLeast),
      threshold: rates.refused.percent,
    });
  }
}
