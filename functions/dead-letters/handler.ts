import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { runDeadLetter } from '../../lib/runners/dead-letters.ts';
import { openPorts } from '../ports.ts';

const ports = openPorts();

/** Makes shunt items of dead letters. One that fails here comes again: the dead-letter queue has no redrive of its own. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const outcomes = await Promise.allSettled(
    event.Records.map(({ body }) =>
      runDeadLetter({ body, receives: ports.site.functions.max_receives }, ports),
    ),
  );
  return {
    batchItemFailures: event.Records.filter((_, index) => outcomes[index]?.status === 'rejected').map(
      ({ messageId }) => ({ itemIdentifier: messageId }),
    ),
  };
};
