import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { type QueueMessage, queueMessageSchema } from '../../lib/queue/messages.ts';
import { runWaiting, runWaitingRefusals, runWaitingSesEvent } from '../../lib/runners/waiting.ts';
import { isSesGreeting, readSesEvent, type SesEvent } from '../../lib/ses/ses-event.ts';
import { openPorts } from '../ports.ts';
import { takeRecordsRead } from '../sqs-records.ts';

const ports = openPorts();

/** What is on `bounces`: messages of ours, and what Amazon SES publishes, raw. */
type OnBounces =
  | { readonly from: 'belfry'; readonly message: QueueMessage }
  | { readonly from: 'ses'; readonly event: SesEvent }
  | { readonly from: 'ses'; readonly event: undefined };

const read = (body: string): OnBounces => {
  if (isSesGreeting(body)) return { from: 'ses', event: undefined };
  const value: unknown = JSON.parse(body);
  const event = readSesEvent(value);
  return event === undefined
    ? { from: 'belfry', message: queueMessageSchema.parse(value) }
    : { from: 'ses', event };
};

const run = async (found: OnBounces): Promise<void> => {
  if (found.from === 'ses') {
    if (found.event !== undefined) await runWaitingSesEvent(found.event, ports);
    return;
  }
  const { message } = found;
  if (message.type === 'mail') return runWaiting(message, ports);
  if (message.type === 'refusals') return runWaitingRefusals(message, ports);
  throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
};

/** Takes bounces from `bounces`; for now they are recorded and wait. */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  takeRecordsRead(event, { read, run }, ports);
