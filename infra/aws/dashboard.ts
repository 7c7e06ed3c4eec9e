import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, Metric, Stats, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { queueNames } from '../../lib/queue/names.ts';
import { alarmPeriod } from './alarms.ts';
import type { Gateway } from './gateway.ts';
import type { FunctionName } from './names.ts';
import type { House } from './policies.ts';

/** What the dashboard shows. */
export interface OverviewProps {
  readonly house: House;
  readonly functions: ReadonlyMap<FunctionName, LambdaFunction>;
  readonly gateway: Gateway;
}

/** One page that shows the way of a mail from left to right: the door, the queues, the functions, the table. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, { house, functions, gateway }: OverviewProps) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(1) });
    const queues = queueNames.map((name) => ({ label: name, queue: house.queues[name] }));
    const runners = [...functions].map(([label, runner]) => ({ label, runner }));
    const graph = (title: string, left: Metric[]): GraphWidget =>
      new GraphWidget({ title, left, width: 8, height: 6 });
    const consumed = (metricName: string): Metric =>
      new Metric({
        namespace: 'AWS/DynamoDB',
        metricName,
        dimensionsMap: { TableName: house.table.tableName },
        statistic: Stats.SUM,
        period: alarmPeriod,
      });

    dashboard.addWidgets(
      new TextWidget({
        markdown:
          '# Belfry\nLMTP in at the gateway; `in`, `pipeline`, `out` and `retry` carry posts. What each alarm asks of you is in `docs/runbook.md`.',
        width: 24,
        height: 2,
      }),
    );
    dashboard.addWidgets(
      graph('Gateways that are well', [
        gateway.targets.metrics.healthyHostCount({ period: alarmPeriod, statistic: Stats.MINIMUM }),
      ]),
      graph('New connections', [gateway.loadBalancer.metrics.newFlowCount({ period: alarmPeriod })]),
      graph('Memory and CPU of the gateway (%)', [
        gateway.service.metricMemoryUtilization({ period: alarmPeriod }),
        gateway.service.metricCpuUtilization({ period: alarmPeriod }),
      ]),
    );
    dashboard.addWidgets(
      graph(
        'Age of the oldest message (s)',
        queues.map(({ label, queue }) =>
          queue.metricApproximateAgeOfOldestMessage({ label, period: alarmPeriod }),
        ),
      ),
      graph(
        'Messages that wait',
        queues.map(({ label, queue }) =>
          queue.metricApproximateNumberOfMessagesVisible({ label, period: alarmPeriod }),
        ),
      ),
      graph(
        'Messages sent',
        queues.map(({ label, queue }) => queue.metricNumberOfMessagesSent({ label, period: alarmPeriod })),
      ),
    );
    dashboard.addWidgets(
      graph(
        'Failures of functions',
        runners.map(({ label, runner }) => runner.metricErrors({ label, period: alarmPeriod })),
      ),
      graph(
        'Time of functions, slowest in a hundred (ms)',
        runners.map(({ label, runner }) =>
          runner.metricDuration({ label, period: alarmPeriod, statistic: Stats.percentile(99) }),
        ),
      ),
      graph('Capacity of the table', [
        consumed('ConsumedReadCapacityUnits'),
        consumed('ConsumedWriteCapacityUnits'),
      ]),
    );
  }
}
