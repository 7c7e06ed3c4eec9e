import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runIncoming } from '../../lib/runners/incoming.ts';
import { openPorts } from '../ports.ts';
import { takeRecords } from '../sqs-records.ts';

const ports = openPorts();

/** Takes posts and owner mail from `in` through rules and chains. */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  takeRecords(
    event,
    async (message) => {
      if (message.type === 'mail') return runIncoming(message, ports);
      throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
    },
    ports,
  );
