import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueName } from './names.ts';

/** Sends a body that is no message of ours, as it is: what Amazon SES told comes back to its queue so. */
export type SendBody = (queue: QueueName, body: string) => Promise<void>;

/** The same by SQS. */
export const sendBodyBy =
  (sqs: SQSClient, urls: Readonly<Partial<Record<QueueName, string>>>): SendBody =>
  async (queue, body) => {
    const QueueUrl = urls[queue];
    if (QueueUrl === undefined) throw new Error(`This process knows no queue "${queue}"`);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  };
