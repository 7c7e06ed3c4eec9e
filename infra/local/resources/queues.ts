import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type Names, resolved } from '../resolve.ts';
import { ofType, propertiesOf, type Template } from '../template.ts';

const number = z.number().optional();

const queueSchema = z.strictObject({
  DelaySeconds: number,
  MaximumMessageSize: number,
  MessageRetentionPeriod: number,
  ReceiveMessageWaitTimeSeconds: number,
  // AWS's default, from the reference of AWS::SQS::Queue.
  VisibilityTimeout: z.number().default(30),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })
    .optional(),
  // Encryption and tags have no meaning in memory.
  SqsManagedSseEnabled: z.boolean().optional(),
  KmsMasterKeyId: z.unknown().optional(),
  KmsDataKeyReusePeriodSeconds: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/** A queue as the template declares it. */
export interface QueueSpec {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly visibilityMs: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly redrivePolicy: string | undefined;
}

/** The queues that the template declares. */
export const queuesOf = (template: Template, names: Names): readonly QueueSpec[] =>
  ofType(template, 'AWS::SQS::Queue').map(([id, { Properties }]) => {
    const { KmsMasterKeyId: _, ...others } = Properties;
    const {
      DelaySeconds = 0,
      MaximumMessageSize,
      MessageRetentionPeriod,
      ReceiveMessageWaitTimeSeconds = 0,
      VisibilityTimeout,
      RedrivePolicy,
    } = propertiesOf(queueSchema, id, resolved(others, names));
    const given = names.get(id)?.attributes ?? {};
    return {
      name: given.QueueName ?? id,
      url: given.QueueUrl ?? '',
      arn: given.Arn ?? '',
      visibilityMs: VisibilityTimeout * 1000,
      redrivePolicy: RedrivePolicy === undefined ? undefined : JSON.stringify(RedrivePolicy),
      attributes: {
        DelaySeconds: String(DelaySeconds),
        ReceiveMessageWaitTimeSeconds: String(ReceiveMessageWaitTimeSeconds),
        VisibilityTimeout: String(VisibilityTimeout),
        ...(MaximumMessageSize === undefined ? {} : { MaximumMessageSize: String(MaximumMessageSize) }),
        ...(MessageRetentionPeriod === undefined
          ? {}
          : { MessageRetentionPeriod: String(MessageRetentionPeriod) }),
      },
    };
  });

/** Makes the queues; a queue of dead letters must be there before another one can point at it. */
export const makeQueues = async (sqs: SQSClient, queues: readonly QueueSpec[]): Promise<void> => {
  await Promise.all(
    queues.map(({ name, attributes }) =>
      sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes } })),
    ),
  );
  await Promise.all(
    queues.map(async ({ url, redrivePolicy }) => {
      if (redrivePolicy === undefined) return;
      await sqs.send(
        new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { RedrivePolicy: redrivePolicy } }),
      );
    }),
  );
};
