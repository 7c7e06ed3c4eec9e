import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { type QueueMessage, queueMessageSchema } from '../../lib/queue/messages.ts';
import { runBounce } from '../../lib/runners/bounce.ts';
import { runRefusals } from '../../lib/runners/bounce-refusals.ts';
import { runSesEvent } from '../../lib/runners/bounce-ses.ts';
import { runBounceSummary } from '../../lib/runners/bounce-summary.ts';
import { runBounceWarning } from '../../lib/runners/bounce-warning.ts';
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
    if (found.event !== undefined) await runSesEvent(found.event, ports);
    return;
  }
  const { message } = found;
  if (message.type === 'mail') return runBounce(message, ports);
  if (message.type === 'refusals') return runRefusals(message, ports);
  if (message.type === 'bounce-warning') return runBounceWarning(message, ports);
  if (message.type === 'bounce-summary') return runBounceSummary(message, ports);
  throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
};

/**
 * Takes from `bounces` mail to the -bounces addresses, what the relay refused, what Amazon SES tells, and what is due by the clock with those whom
 * bounces have disabled.
 */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  takeRecordsRead(event, { read, run }, ports);
