import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Site } from '../../lib/config/site.ts';
import type { Bell } from './alarms.ts';
import { nameInTemplate } from './logical-id.ts';
import { mailFunction } from './mail-function.ts';
import { type FunctionName, logicalIds } from './names.ts';
import type { House } from './policies.ts';
import type { Chore } from './steps.ts';

/** What something that happens by the clock is made with. */
export interface ClockworkProps {
  readonly chore: Chore;
  readonly site: Site;
  readonly house: House;
  readonly bell: Bell;
}

/**
 * What is done by the clock: its function, its rights and its log, and the rule that calls it. A call that fails is repeated twice
 * by Lambda, and the next one does what it left.
 */
export class Clockwork extends Construct {
  readonly name: FunctionName;
  readonly function: LambdaFunction;
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, { chore, site, house, bell }: ClockworkProps) {
    super(scope, id);
    const { name, timeout, everyMinutes, alarm } = chore;
    const made = mailFunction(this, { name, timeout, site, house });
    this.name = name;
    this.function = made.function;
    this.logs = made.logs;
    const every = Duration.minutes(everyMinutes);
    const rule = new Rule(this, 'Schedule', {
      description: `Calls the function ${name} by the clock.`,
      schedule: Schedule.rate(every),
      targets: [new FunctionTarget(made.function)],
    });
    nameInTemplate(rule, logicalIds.schedule(name));
    bell.hang(this, {
      name: `${logicalIds.function(name)}Fails`,
      says: alarm.says,
      section: alarm.section,
      metric: made.function.metricErrors({ period: every, statistic: Stats.SUM }),
      threshold: 0,
      periods: alarm.periods,
    });
  }
}
