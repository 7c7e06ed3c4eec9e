import { randomBytes } from 'node:crypto';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { rememberLast } from '../../lib/blobs/remember-last.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { openLinks } from '../../lib/web/open-links.ts';
import { openPorts } from '../ports.ts';
import { takeRecords } from '../sqs-records.ts';
import { openTransport } from './transport.ts';

const ports = openPorts();
// The chunks of one post often come one after the other, and its bytes are the same for all of them.
const blobs = rememberLast(ports.blobs);
const links = openLinks(ports);
const transport = await openTransport(ports);

/** Delivers chunks from `out` and `retry` by the relay or by Amazon SES. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  takeRecords(
    event,
    async (message) => {
      if (message.type !== 'chunk')
        throw new ShuntError(`A message of type ${message.type} does not belong on this queue.`);
      await runOutgoing(message, {
        ...ports,
        blobs,
        transport,
        links,
        owner: randomBytes(4).toString('hex'),
        deadline: new Date(Date.now() + context.getRemainingTimeInMillis()),
      });
    },
    ports,
  );
