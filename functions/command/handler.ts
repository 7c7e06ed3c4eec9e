import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runCommand } from '../../lib/runners/command.ts';
import { runModeration } from '../../lib/runners/moderation.ts';
import { openPorts } from '../ports.ts';
import { takeRecords } from '../sqs-records.ts';

const ports = openPorts();

/** Takes mail with commands from `command`, and what moderators want of held mails. */
export const handler = (event: SQSEvent): Promise<SQSBatchResponse> =>
  takeRecords(
    event,
    async (message) => {
      if (message.type === 'mail') return runCommand(message, ports);
      if (message.type === 'moderation') return runModeration(message, ports);
      throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
    },
    ports,
  );
