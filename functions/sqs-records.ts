import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { LaterError } from '../lib/errors/later-error.ts';
import { isOutage } from '../lib/errors/outage.ts';
import { ShuntError } from '../lib/errors/shunt-error.ts';
import { type QueueMessage, queueMessageSchema } from '../lib/queue/messages.ts';
import { type ShuntPorts, shunt } from '../lib/runners/shunt.ts';

/** What taking records needs: a runner for the messages, and the ways out of trouble. */
export interface RecordPorts extends ShuntPorts {
  readonly sqs: SQSClient;
  /** The URL of the queue that this function takes records from, by the ARN of the event source. */
  readonly queueUrl: (eventSourceArn: string) => string | undefined;
}

/** The name of a queue, as the last part of its ARN. */
const queueName = ({ eventSourceARN }: SQSRecord): string =>
  eventSourceARN.slice(eventSourceARN.lastIndexOf(':') + 1);

/** Hides a message until a certain time; the most that SQS allows is 12 hours. */
const hideUntil = async (record: SQSRecord, until: Date, ports: RecordPorts): Promise<void> => {
  const url = ports.queueUrl(record.eventSourceARN);
  if (url === undefined) return;
  const seconds = Math.ceil((until.getTime() - ports.clock.now().getTime()) / 1000);
  await ports.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: url,
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: Math.min(Math.max(seconds, 1), 43_200),
    }),
  );
};

/** How the body of a record is read, and what is done with what it says. */
export interface Reading<M> {
  /** Reads a body; what it throws makes a shunt item. */
  readonly read: (body: string) => M;
  readonly run: (message: M) => Promise<void>;
}

/** Reads a message of ours. */
const readQueueMessage = (body: string): QueueMessage => queueMessageSchema.parse(JSON.parse(body));

/** Runs one record; says whether it is done with and may be deleted. */
const take = async <M>(
  record: SQSRecord,
  { read, run }: Reading<M>,
  ports: RecordPorts,
): Promise<boolean> => {
  try {
    await run(read(record.body));
    return true;
  } catch (error) {
    if (error instanceof LaterError) {
      await hideUntil(record, error.until, ports);
      return false;
    }
    if (isOutage(error)) {
      console.error(JSON.stringify({ outage: String(error), queue: queueName(record) }));
      return false;
    }
    const known = error instanceof ShuntError;
    await shunt(
      {
        queue: queueName(record),
        body: record.body,
        reason: known ? error.message : `A defect in Belfry: ${String(error)}`,
        stack: error instanceof Error ? error.stack : undefined,
      },
      ports,
    );
    return true;
  }
};

/**
 * Takes every record of an event, side by side, and reports those that are to come again. A record whose shunting fails as
 * well comes again too, and ends in the dead-letter queue at last.
 */
export const takeRecords = (
  event: SQSEvent,
  run: (message: QueueMessage) => Promise<void>,
  ports: RecordPorts,
): Promise<SQSBatchResponse> => takeRecordsRead(event, { read: readQueueMessage, run }, ports);

/** The same for a queue on which others write as well, whose messages are read otherwise. */
export const takeRecordsRead = async <M>(
  event: SQSEvent,
  reading: Reading<M>,
  ports: RecordPorts,
): Promise<SQSBatchResponse> => {
  const outcomes = await Promise.all(
    event.Records.map(async (record) => {
      try {
        return await take(record, reading, ports);
      } catch (error) {
        console.error(JSON.stringify({ failed: String(error), queue: queueName(record) }));
        return false;
      }
    }),
  );
  return {
    batchItemFailures: event.Records.filter((_, index) => outcomes[index] !== true).map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  };
};
