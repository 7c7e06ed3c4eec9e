import { randomBytes } from 'node:crypto';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { rememberLast } from '../../lib/blobs/remember-last.ts';
import type { Relay } from '../../lib/delivery/smtp-connection.ts';
import { SmtpTransport } from '../../lib/delivery/smtp-transport.ts';
import { ShuntError } from '../../lib/errors/shunt-error.ts';
import { runOutgoing } from '../../lib/runners/outgoing.ts';
import { openPorts } from '../ports.ts';
import { takeRecords } from '../sqs-records.ts';
import { credentialsFrom } from './credentials.ts';

const ports = openPorts();
// The chunks of one post often come one after the other, and its bytes are the same for all of them.
const blobs = rememberLast(ports.blobs);
const credentials = credentialsFrom(ports.site.mta.smtp_credentials);

const relay = async (): Promise<Relay> => ({
  mta: ports.site.mta,
  delivery: ports.site.delivery,
  credentials: await credentials(),
});

const transport = new SmtpTransport(relay, ports.site);

/** Delivers chunks from `out` and `retry` to the relay. */
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
        owner: randomBytes(4).toString('hex'),
        deadline: new Date(Date.now() + context.getRemainingTimeInMillis()),
      });
    },
    ports,
  );
