import { z } from 'zod';
import { type Names, resolved } from '../resolve.ts';
import { ofType, propertiesOf, type Template, TemplateError } from '../template.ts';

/** A queue that gets what is published to a topic. */
export interface SubscriptionSpec {
  readonly topicName: string;
  readonly topicArn: string;
  readonly queueArn: string;
  /** Whether the queue gets what was published as it is, and not wrapped into a notification. */
  readonly raw: boolean;
}

const anySchema = z.looseObject({ Protocol: z.string() });

const queueSchema = z.strictObject({
  Protocol: z.literal('sqs'),
  TopicArn: z.string(),
  Endpoint: z.string(),
  RawMessageDelivery: z.boolean().default(false),
});

/** The subscriptions of queues that the template declares. Topics that mail to a person have no part in what a mail goes through. */
export const subscriptionsOf = (template: Template, names: Names): readonly SubscriptionSpec[] =>
  ofType(template, 'AWS::SNS::Subscription')
    .filter(([id, { Properties }]) => propertiesOf(anySchema, id, Properties).Protocol !== 'email')
    .map(([id, { Properties }]) => {
      const { TopicArn, Endpoint, RawMessageDelivery } = propertiesOf(
        queueSchema,
        id,
        resolved(Properties, names),
      );
      return {
        topicName: TopicArn.slice(TopicArn.lastIndexOf(':') + 1),
        topicArn: TopicArn,
        queueArn: Endpoint,
        raw: RawMessageDelivery,
      };
    });

const ask = async (endpoint: string, parameters: Readonly<Record<string, string>>): Promise<void> => {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Version: '2010-03-31', ...parameters }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new TemplateError(`The emulator of SNS cannot make a topic: ${said}`);
};

/** Makes the topics that queues are subscribed to, by the Query protocol of SNS, and the subscriptions. */
export const makeTopics = async (
  endpoint: string,
  subscriptions: readonly SubscriptionSpec[],
): Promise<void> => {
  for (const { topicName, topicArn, queueArn, raw } of subscriptions) {
    await ask(endpoint, { Action: 'CreateTopic', Name: topicName });
    await ask(endpoint, {
      Action: 'Subscribe',
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      'Attributes.entry.1.key': 'RawMessageDelivery',
      'Attributes.entry.1.value': String(raw),
    });
  }
};
