import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { nameInTemplate } from './logical-id.ts';

/** What the alarms are made with. */
export interface BellProps {
  /** `mailman.site_owner`. */
  readonly siteOwner: string;
}

/** One alarm, in the words of the person who is called by it. */
export interface Ring {
  /** Its name, in the template and, after the name of the stack, in CloudWatch. */
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly says: string;
  /** The section of docs/runbook.md that tells what to do. */
  readonly section: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Over the threshold rings unless this says that below it does. */
  readonly below?: boolean;
  /** For how many periods in a row; 1 unless given. */
  readonly periods?: number;
  /** What silence means: with a queue or function that nobody uses, that all is well. */
  readonly silenceIsBad?: boolean;
}

/** The bell: a topic that mails the site owner. */
export class Bell extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { siteOwner }: BellProps) {
    super(scope, id);
    // CloudWatch cannot publish to a topic under the managed key of SNS, and the texts of alarms are no secret.
    this.topic = new Topic(this, 'Topic', { displayName: 'Belfry', enforceSSL: true });
    nameInTemplate(this.topic, 'AlarmTopic');
    // A topic with a policy of its own loses the default one, under which the alarms of the account may publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.topic.addSubscription(new EmailSubscription(siteOwner));
  }

  /** Makes an alarm that rings here, as a part of the construct that it watches. */
  hang(scope: Construct, ring: Ring): Alarm {
    const alarm = new Alarm(scope, ring.name, {
      alarmName: `${Stack.of(scope).stackName}-${ring.name}`,
      alarmDescription: `${ring.says} What to do: docs/runbook.md#${ring.section}`,
      metric: ring.metric,
      threshold: ring.threshold,
      comparisonOperator: ring.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: ring.periods ?? 1,
      treatMissingData: ring.silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    nameInTemplate(alarm, `${ring.name}Alarm`);
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}

/** The period over which the alarms look. */
export const alarmPeriod = Duration.minutes(5);
