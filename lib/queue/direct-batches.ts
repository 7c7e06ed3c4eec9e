import { hash } from 'node:crypto';
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import * as z from 'zod';
import { type DirectOptions, directRequests } from '../aws/direct-requests.ts';
import { jsonRequest } from '../aws/json-request.ts';
import { type SendBatch, sendBatchBy } from './sqs-queues.ts';

// Messages that SQS did not take are in a second array.
const answerSchema = z.object({
  Successful: z.array(z.object({ Id: z.string(), MD5OfMessageBody: z.string() })),
});

/** What SQS answered; undefined when it cannot be read. */
const readAnswer = (answer: Buffer): z.infer<typeof answerSchema> | undefined => {
  try {
    return answerSchema.parse(JSON.parse(answer.toString()));
  } catch {
    // Then nobody knows what arrived, and the SDK sends it once more.
    return undefined;
  }
};

/** Whether an answer says of every message that it arrived, with the digest of the text that was sent. */
const haveArrived = (entries: readonly SendMessageBatchRequestEntry[], answer: Buffer): boolean => {
  const digests = new Map(readAnswer(answer)?.Successful.map((one) => [one.Id, one.MD5OfMessageBody]));
  return entries.every(
    ({ Id, MessageBody }) => Id !== undefined && digests.get(Id) === hash('md5', MessageBody ?? ''),
  );
};

/**
 * Sends batches by requests of our own, and by the SDK when one of the messages may not have arrived whole. Then others of the
 * batch come twice, as they do when the SDK repeats a request whose reply was lost.
 */
export const directBatches = (
  sqs: SQSClient,
  options: Pick<DirectOptions, 'tell' | 'restMs' | 'patienceMs'>,
): SendBatch => {
  const bySdk = sendBatchBy(sqs);
  const send = directRequests({
    ...options,
    service: 'sqs',
    config: sqs.config,
    endpoint: () => getEndpointFromInstructions({}, SendMessageBatchCommand, sqs.config),
  });
  return async (queueUrl, entries) => {
    const batch = JSON.stringify({ QueueUrl: queueUrl, Entries: entries });
    const answer = await send(jsonRequest('AmazonSQS.SendMessageBatch', batch));
    return answer !== undefined && haveArrived(entries, answer) ? { Failed: [] } : bySdk(queueUrl, entries);
  };
};
