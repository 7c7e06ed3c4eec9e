import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SendMessageBatchResult,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { frugal } from '../aws/frugal.ts';
import { messageBody } from './message-body.ts';
import type { QueueMessage } from './messages.ts';
import type { QueueName } from './names.ts';
import type { Queues } from './queue.ts';

// SendMessageBatch takes 10 messages (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html).
const batchSize = 10;

/** How many batches one process has under way for one queue at most: enough to hide the latency of SQS from a post of many chunks. */
const batchesAtOnce = 4;

/** Nobody waits for longer behind a batch that SQS is slow with. */
const longestGatherMs = 20;

interface Waiting {
  readonly message: QueueMessage;
  readonly delaySeconds: number | undefined;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/** Sends one batch to the queue with a URL. */
export type SendBatch = (
  queueUrl: string,
  entries: SendMessageBatchRequestEntry[],
) => Promise<Pick<SendMessageBatchResult, 'Failed'>>;

/** Sends batches by the SDK. */
export const sendBatchBy = (sqs: SQSClient): SendBatch => {
  const client = frugal(sqs);
  return (QueueUrl, Entries) => client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
};

/**
 * The queues in SQS. Messages that are sent at the same time by different callers share a request: it costs a tenth, and the
 * gateway has many sessions at once. Each caller still waits for its own message to be durable.
 */
export const sqsQueues = (
  sqs: SQSClient,
  urls: Readonly<Partial<Record<QueueName, string>>>,
  send: SendBatch = sendBatchBy(sqs),
): Queues => {
  const waiting = new Map<QueueName, Waiting[]>();
  const underWay = new Map<QueueName, number>();
  const timers = new Map<QueueName, NodeJS.Timeout>();

  const sendBatch = async (queue: QueueName, batch: readonly Waiting[]): Promise<void> => {
    const url = urls[queue];
    try {
      if (url === undefined) throw new Error(`This process knows no queue "${queue}"`);
      const answer = await send(
        url,
        batch.map(({ message, delaySeconds }, index) => ({
          Id: String(index),
          MessageBody: messageBody(message),
          MessageGroupId: message.listid,
          ...(delaySeconds === undefined ? {} : { DelaySeconds: Math.ceil(delaySeconds) }),
        })),
      );
      const failed = new Map(
        (answer.Failed ?? []).map(({ Id, Code, Message }) => [Id, `${Code}: ${Message}`]),
      );
      for (const [index, { resolve, reject }] of batch.entries()) {
        const reason = failed.get(String(index));
        if (reason === undefined) resolve();
        else reject(new Error(`SQS did not take a message for "${queue}": ${reason}`));
      }
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of batch) reject(reason);
    }
  };

  const begin = (queue: QueueName): void => {
    const line = waiting.get(queue) ?? [];
    underWay.set(queue, (underWay.get(queue) ?? 0) + 1);
    clearTimeout(timers.get(queue));
    timers.delete(queue);
    sendBatch(queue, line.splice(0, batchSize)).finally(() => {
      underWay.set(queue, (underWay.get(queue) ?? 1) - 1);
      pump(queue);
    });
  };

  /**
   * Sends what waits: at once when nothing is under way, or when a batch is full. What comes while a batch is under way is gathered, so
   * that a busy gateway needs a request for several mails, and a quiet one waits for nothing.
   */
  const pump = (queue: QueueName): void => {
    const line = waiting.get(queue) ?? [];
    const room = () => batchesAtOnce - (underWay.get(queue) ?? 0);
    while (line.length > 0 && room() > 0 && (room() === batchesAtOnce || line.length >= batchSize))
      begin(queue);
    if (line.length === 0 || room() === 0 || timers.has(queue)) return;
    const overdue = setTimeout(() => {
      timers.delete(queue);
      if (line.length > 0 && room() > 0) begin(queue);
      pump(queue);
    }, longestGatherMs);
    timers.set(queue, overdue);
  };

  return {
    send: async (messages, options = {}) => {
      const sent = messages.map(
        (message) =>
          new Promise<void>((resolve, reject) => {
            const line = waiting.get(message.queue) ?? [];
            waiting.set(message.queue, line);
            line.push({ message, delaySeconds: options.delaySeconds, resolve, reject });
          }),
      );
      // Whoever calls in this same turn of the event loop joins the batch.
      queueMicrotask(() => {
        for (const queue of new Set(messages.map((message) => message.queue))) pump(queue);
      });
      const outcomes = await Promise.allSettled(sent);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    },
  };
};
