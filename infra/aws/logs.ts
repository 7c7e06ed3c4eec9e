import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { nameInTemplate } from './logical-id.ts';
import { type Actor, logicalIds } from './names.ts';

/** The periods, in days, for which CloudWatch Logs can keep a log. */
export const logPeriods: readonly number[] = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** The log of a function or the gateway, kept for `retention.logs` days; it goes with the stack. */
export const logsOf = (scope: Construct, actor: Actor, days: number): LogGroup => {
  const group = new LogGroup(scope, 'Logs', { retention: days, removalPolicy: RemovalPolicy.DESTROY });
  nameInTemplate(group, logicalIds.logs(actor));
  return group;
};
