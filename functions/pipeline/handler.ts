import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runPipeline } from '../../lib/runners/pipeline.ts';
import { openPorts } from '../ports.ts';
import { takeRecords } from '../sqs-records.ts';

const ports = openPorts();

/** Makes posts of accepted mail from `pipeline`, fixes their rosters, and enqueues their chunks. */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  takeRecords(
    event,
    async (message) => {
      if (message.type === 'post') return runPipeline(message, ports);
      throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
    },
    ports,
  );
