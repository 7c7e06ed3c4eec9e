import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import { alarmPeriod, type Bell } from './alarms.ts';
import { nameInTemplate } from './logical-id.ts';
import { mailFunction } from './mail-function.ts';
import { type FunctionName, logicalIds } from './names.ts';
import type { FunctionPlace } from './network.ts';
import type { House } from './policies.ts';
import type { Step } from './steps.ts';
import { timesOf } from './times.ts';

/** What a runner is made with. */
export interface RunnerProps {
  readonly step: Step;
  readonly site: Site;
  readonly house: House;
  readonly bell: Bell;
  /** The network that the function runs in; most run in none. */
  readonly place: FunctionPlace | undefined;
}

/** One step of the way of a mail: its function, what feeds it, its rights and its log. */
export class Runner extends Construct {
  readonly name: FunctionName;
  readonly function: LambdaFunction;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, { step, site, house, bell, place }: RunnerProps) {
    super(scope, id);
    const { timeout } = timesOf(site, step.feeds[0]);
    const made = mailFunction(this, { name: step.name, timeout, site, house, place });
    this.name = step.name;
    this.function = made.function;
    this.logs = made.logs;

    for (const queue of step.feeds) {
      const feed = new EventSourceMapping(this, `Feed-${queue}`, {
        target: this.function,
        eventSourceArn: house.queues[queue].queueArn,
        batchSize: step.batchSize,
        reportBatchItemFailures: true,
        maxConcurrency:
          step.name === 'outgoing' ? site.functions.outgoing_concurrency : site.functions.concurrency,
      });
      nameInTemplate(feed, logicalIds.feed(queue));
    }
    this.#alarms(step.name, bell);
  }
  #alarms(name: FunctionName, bell: Bell): void {
    bell.hang(this, {
      name: `${logicalIds.function(name)}Fails`,
      says: `The function ${name} fails. Its messages come again, and after some tries they become shunt items; nothing is lost.`,
      section: 'function-fails',
      metric: this.function.metricErrors({ period: alarmPeriod, statistic: Stats.SUM }),
      threshold: 0,
      periods: 2,
    });
  }
}
